import { basename, isAbsolute, resolve } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import { parseRigName } from '../../core/names.ts';
import type { RigName } from '../../core/names.ts';
import { addRig } from '../../rig/add.ts';
import { detectRig, knownTowns, originOf, rememberTown, repositoryAround } from '../../rig/detect.ts';
import type { DetectedRig } from '../../rig/detect.ts';
import { parseSource } from '../../rig/source.ts';
import { refuseStranger } from '../../sessions/own-session.ts';
import { lookForTown } from '../../town/find.ts';
import { machineOf } from '../../town/machine/state.ts';

/** A repository of the user, and the rig that it is or will be. */
export interface RepositoryPlace {
  readonly ctx: TownContext;
  readonly repository: string;
  readonly name: RigName;
  /** What it is already. */
  readonly known: DetectedRig | undefined;
}

/** The repository around the folder that was named; '' = here. */
export async function repositoryOf(app: AppContext, word: string): Promise<string> {
  const folder = isAbsolute(word) ? word : resolve(app.cwd || '/', word);
  const repository = await repositoryAround(app.machine.files, folder);
  if (repository !== undefined) return repository;
  throw new NotFoundError({
    code: 'rig.no-repository',
    message: `there is no git repository around ${folder}`,
    hint: 'Go into one, or name it; a remote one: gt rig add <name> <git-url>',
  });
}

export async function placeOf(app: AppContext, repository: string): Promise<RepositoryPlace> {
  const ctx = await theTown(app);
  await refuseStranger(ctx);
  const machine = machineOf(app.machine, app.env);
  await rememberTown(machine, ctx.root);
  const known = await detectRig(machine, repository);
  const name = parseRigName(known?.rig ?? basename(repository).replaceAll(/[^A-Za-z0-9_]+/g, '_'));
  return { ctx, repository, name, known };
}

/** On its origin; without one, on a copy inside the town. Nothing happens to one that is a rig already. */
export async function makeRig({ ctx, repository, name, known }: RepositoryPlace): Promise<void> {
  if (known !== undefined) return;
  const source = parseSource(await originOf(ctx.ports.git, repository), repository);
  await addRig(ctx, { name, source, mirror: source.url === repository });
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
