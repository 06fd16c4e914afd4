import { basename, isAbsolute, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import { parseRigName } from '../../core/names.ts';
import { singleQuoted } from '../../core/shell-word.ts';
import { addCrew } from '../../crew/add.ts';
import { addRig } from '../../rig/add.ts';
import { detectRig, knownTowns, originOf, rememberTown, repositoryAround } from '../../rig/detect.ts';
import { newCrewPlace } from '../../rig/find-crew.ts';
import { parseSource } from '../../rig/source.ts';
import { refuseStranger } from '../../sessions/own-session.ts';
import { lookForTown } from '../../town/find.ts';
import { machineOf } from '../../town/machine/state.ts';

export const schema = z.object({ rig: z.string(), town: z.string(), crew_path: z.string() });

/** The repository around the folder becomes a rig of the town, with a workspace for its person in it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const word = input.arg('path');
  const repository = await repositoryAround(
    app.machine.files,
    isAbsolute(word) ? word : resolve(app.cwd || '/', word),
  );
  if (repository === undefined) {
    throw new NotFoundError({
      code: 'rig.no-repository',
      message: 'there is no git repository around this folder',
    });
  }
  const ctx = await theTown(app);
  await refuseStranger(ctx);
  const machine = machineOf(app.machine, app.env);
  await rememberTown(machine, ctx.root);
  const known = await detectRig(machine, repository);
  const name = parseRigName(known?.rig ?? basename(repository).replaceAll(/[^A-Za-z0-9_]+/g, '_'));
  const ask = !input.bool('yes') && !input.json;
  if (
    known === undefined &&
    ask &&
    !(await app.confirm(`Add ${repository} to the town ${ctx.root} as rig ${name}?`))
  )
    return { text: 'Nothing was done', exitCode: 1 };
  if (known === undefined) {
    const source = parseSource(await originOf(app.machine.git, repository), repository);
    await addRig(ctx, { name, source, mirror: source.url === repository });
  }
  const path = await workspace(ctx, name, input.flag('user') ?? app.env['USER'] ?? 'me');
  const line = `GT_CREW_PATH=${singleQuoted(path)}`;
  const said = `${app.output.style.green('✓')} ${repository} is rig ${name} of ${ctx.root}`;
  return {
    data: { rig: name, town: ctx.root, crew_path: path },
    text: input.bool('quiet') ? line : [said, line].join('\n'),
  };
}

async function workspace(ctx: TownContext, rig: string, user: string): Promise<string> {
  const word = user.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  const place = await newCrewPlace(ctx, { word, rig, cwd: ctx.root });
  if ((await ctx.ports.files.stat(place.path)) === undefined)
    await addCrew(ctx, place, { branch: 'default' });
  return place.path;
}

/** The town around the folder or in the environment, else the only one of this machine. */
async function theTown(app: AppContext): Promise<TownContext> {
  const { machine, cwd, env } = app;
  const around = await lookForTown({ files: machine.files, cwd, env });
  if (around !== undefined) return await app.townAt(around);
  const towns = await knownTowns(machineOf(machine, env));
  const [only] = towns;
  if (only !== undefined && towns.length === 1) return await app.townAt(only);
  if (only === undefined)
    throw new NotFoundError({
      code: 'town.not-found',
      message: 'there is no town on this machine',
      hint: 'Run: gt install',
    });
  throw new RefusedError({
    code: 'town.several',
    message: `this machine has ${towns.length} towns: ${towns.join(', ')}`,
    hint: 'Say which: GT_TOWN_ROOT=<path> gt rig quick-add',
  });
}
