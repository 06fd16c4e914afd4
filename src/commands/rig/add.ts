import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { parseRigName } from '../../core/names.ts';
import { addRig } from '../../rig/add.ts';
import type { AddRequest } from '../../rig/add-plan.ts';
import { parseSource, redactUrl } from '../../rig/source.ts';
import { renderRigAdded } from '../../ui/text/rig.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  name: z.string(),
  prefix: z.string(),
  git_url: z.string(),
  push_url: z.optional(z.string()),
  default_branch: z.string(),
  path: z.string(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const request = readRequest(app, input);
  const ctx = await actingTown(app);
  const rig = await addRig(ctx, request, () => {
    if (!input.json) app.output.note(`Cloning ${redactUrl(request.source.url)} …`);
  });
  const data = {
    name: rig.name,
    prefix: rig.prefix,
    git_url: redactUrl(rig.gitUrl),
    ...(rig.pushUrl === undefined ? {} : { push_url: redactUrl(rig.pushUrl) }),
    default_branch: rig.defaultBranch,
    path: rig.paths.root,
  };
  return { data, text: renderRigAdded(data, app.output.style) };
}

function readRequest(app: AppContext, input: CommandInput): AddRequest {
  const given = (name: string, key: keyof AddRequest): Partial<AddRequest> => {
    const value = input.flag(name);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    name: parseRigName(input.arg('name')),
    source: parseSource(input.arg('git-url'), app.cwd),
    mirror: input.bool('mirror'),
    ...given('prefix', 'prefix'),
    ...given('branch', 'branch'),
    ...urlFlag(app, input, 'push-url', 'pushUrl'),
    ...urlFlag(app, input, 'upstream-url', 'upstreamUrl'),
    ...given('filter', 'filter'),
    sparse: input.list('sparse-checkout'),
  };
}

function urlFlag(
  app: AppContext,
  input: CommandInput,
  flag: string,
  key: 'pushUrl' | 'upstreamUrl',
): Partial<AddRequest> {
  const value = input.flag(flag);
  return value === undefined ? {} : { [key]: parseSource(value, app.cwd).url };
}
