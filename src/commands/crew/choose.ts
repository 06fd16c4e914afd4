import type { CommandInput } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { clonesOf, findCrew, newCrewPlace } from '../../rig/find-crew.ts';
import type { CrewChoice } from '../../rig/find-crew.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

/** The named rig, else the one around the caller, else all. */
export async function rigsMeant(app: AppContext, town: TownContext, name: string): Promise<readonly Rig[]> {
  if (name !== '') return [await rigNamed(town, name)];
  const rigs = await listRigs(town);
  const here = rigs.filter(({ paths }) => `${app.cwd}/`.startsWith(`${paths.root}/`));
  return here.length > 0 ? here : rigs;
}

/** One that is there, wherever it is; else where a new one would be. */
export async function findOrNew(town: TownContext, choice: CrewChoice): Promise<CrewPlace> {
  try {
    return await findCrew(town, choice);
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'crew.not-found') return newCrewPlace(town, choice);
    throw error;
  }
}

/** All workspaces of the rigs that are meant. */
export async function crewOf(app: AppContext, town: TownContext, rig: string): Promise<readonly CrewPlace[]> {
  const rigs = await rigsMeant(app, town, rig);
  return (await Promise.all(rigs.map((each) => clonesOf(town, each)))).flat();
}

/** What `names`, `--all` and `--rig` mean for workspaces that are there. UsageError `crew.which`. */
export async function crewMeant(
  app: AppContext,
  town: TownContext,
  input: CommandInput,
): Promise<readonly CrewPlace[]> {
  const words = input.args('names');
  const rig = input.flag('rig');
  if (input.bool('all')) {
    if (words.length === 0) return crewOf(app, town, rig ?? '');
    throw new UsageError({ code: 'crew.which', message: '--all and names exclude each other' });
  }
  const wanted = words.length === 0 ? [''] : words;
  return Promise.all(wanted.map((word) => findCrew(town, { word, rig, cwd: app.cwd })));
}
