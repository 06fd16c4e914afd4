import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import type { Rig } from '../../rig/registry.ts';
import { redactUrl } from '../../rig/source.ts';
import { renderRigStatus } from '../../ui/text/rig-status.ts';
import { lineWidth } from '../../ui/text/width.ts';
import { readRigStatus } from '../../watchdog/rig-status.ts';
import type { RigStatus } from '../../watchdog/rig-status.ts';

export const schema = z.object({
  name: z.string(),
  prefix: z.string(),
  git_url: z.string(),
  push_url: z.optional(z.string()),
  default_branch: z.string(),
  path: z.string(),
  status: z.enum(['operational', 'parked', 'docked']),
  refinery: z.object({
    running: z.boolean(),
    state: z.string(),
    queued: z.number(),
    waiting: z.array(z.string()),
  }),
  polecats: z.array(
    z.object({ name: z.string(), state: z.string(), issue: z.string(), reasons: z.array(z.string()) }),
  ),
  beads: z.object({
    open: z.number(),
    ready: z.number(),
    in_work: z.number(),
    queued: z.number(),
    blocked: z.number(),
  }),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const status = await readRigStatus(ctx, rig);
  const text = renderRigStatus(
    {
      ...status,
      prefix: rig.prefix,
      gitUrl: redactUrl(rig.gitUrl),
      pushUrl: rig.pushUrl === undefined ? undefined : redactUrl(rig.pushUrl),
      defaultBranch: rig.defaultBranch,
      path: rig.paths.root,
      now: ctx.ports.clock.now(),
    },
    { paint: app.output.style, columns: lineWidth(app.output) },
  );
  return { data: dataOf(rig, status), text, warnings: status.warnings };
}

function dataOf(rig: Rig, { view, engineOn, beads }: RigStatus): unknown {
  return {
    name: rig.name,
    prefix: rig.prefix,
    git_url: redactUrl(rig.gitUrl),
    ...(rig.pushUrl === undefined ? {} : { push_url: redactUrl(rig.pushUrl) }),
    default_branch: rig.defaultBranch,
    path: rig.paths.root,
    status: view.closed ?? 'operational',
    refinery: {
      running: engineOn,
      state: view.merge.engine,
      queued: view.merge.requests.length,
      waiting: view.merge.waiting,
    },
    polecats: view.polecats.map(({ name, state, bead, reasons }) => ({
      name,
      state,
      issue: bead ?? '',
      reasons,
    })),
    beads: {
      open: beads.open,
      ready: beads.ready,
      in_work: beads.inWork,
      queued: beads.queued,
      blocked: beads.blocked,
    },
  };
}
