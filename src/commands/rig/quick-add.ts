import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { singleQuoted } from '../../core/shell-word.ts';
import { addCrew } from '../../crew/add.ts';
import { mayOffer } from '../../rig/detect.ts';
import { newCrewPlace } from '../../rig/find-crew.ts';
import { machineOf } from '../../town/machine/state.ts';
import { makeRig, placeOf, repositoryOf } from './own-repository.ts';

export const schema = z.object({ rig: z.string(), town: z.string(), crew_path: z.string() });

/** The repository around the folder becomes a rig of the town, with a workspace for its person in it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const repository = await repositoryOf(app, input.arg('path'));
  const asked = input.flag('ask-once');
  if (asked !== undefined && !(await isToAsk(app, repository, asked))) return { text: '', exitCode: 1 };
  const place = await placeOf(app, repository);
  const isSilent = place.known !== undefined || input.bool('yes') || input.json;
  if (
    !isSilent &&
    !(await app.confirm(`Add ${repository} to the town ${place.ctx.root} as rig ${place.name}?`))
  )
    return {
      text: asked === undefined ? 'Nothing was done' : 'Not asked again; later: gt rig quick-add',
      exitCode: 1,
    };
  await makeRig(place);
  const { ctx, name } = place;
  const path = await workspace(ctx, name, input.flag('user') ?? app.env['USER'] ?? 'me');
  const line = `GT_CREW_PATH=${singleQuoted(path)}`;
  const said = `${app.output.style.green('✓')} ${repository} is rig ${name} of ${ctx.root}`;
  return {
    data: { rig: name, town: ctx.root, crew_path: path },
    text: input.bool('quiet') ? line : [said, line].join('\n'),
  };
}

async function isToAsk(app: AppContext, repository: string, asked: string): Promise<boolean> {
  return app.output.isTTY && (await mayOffer(machineOf(app.machine, app.env), repository, asked));
}

async function workspace(ctx: TownContext, rig: string, user: string): Promise<string> {
  const word = user.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  const place = await newCrewPlace(ctx, { word, rig, cwd: ctx.root });
  if ((await ctx.ports.files.stat(place.path)) === undefined)
    await addCrew(ctx, place, { branch: 'default' });
  return place.path;
}
