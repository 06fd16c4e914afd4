import type { TownContext } from '../beads/context.ts';
import { NotFoundError, UsageError } from '../core/errors.ts';
import { parseWorkerName, readWorkerName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import { chooseRig } from './choose-rig.ts';
import { listCrewFolders } from './crew-folders.ts';
import { listRigs, rigNamed } from './registry.ts';
import type { Rig } from './registry.ts';
import { crewPlace } from './crew-place.ts';
import type { CrewPlace } from './crew-place.ts';

export interface CrewChoice {
  /** `ann`, `shop/ann` or `shop/crew/ann`; '' = the caller's own, else the only one. */
  readonly word: string;
  /** `--rig`; '' = not given. */
  readonly rig?: string | undefined;
  readonly cwd: string;
}

/**
 * A workspace that is there: in the named rig, else in the caller's own or the one around `cwd`, else the only one of that name.
 * NotFoundError `crew.not-found`, UsageError `crew.ambiguous` or `crew.not-named`.
 */
export async function findCrew(ctx: TownContext, choice: CrewChoice): Promise<CrewPlace> {
  const { rig, name } = readWord(choice);
  if (name === '' && ctx.actor.role === 'crew' && rig === undefined) {
    return crewPlace(await rigNamed(ctx, ctx.actor.rig), ctx.actor.name);
  }
  const rigs = rig === undefined ? await listRigs(ctx) : [await rigNamed(ctx, rig)];
  const all = (await Promise.all(rigs.map((each) => clonesOf(ctx, each)))).flat();
  const named = name === '' ? all : all.filter((place) => place.name === name);
  const here = named.filter((place) => isHome(ctx, place.rig, choice.cwd));
  const [first, ...others] = here.length > 0 ? here : named;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) throw severalOf(name, [first, ...others]);
  throw notFound({ name, rig }, all);
}

/** Where a new workspace would be. UsageError `worker.bad-name`, `rig.not-named`. */
export async function newCrewPlace(ctx: TownContext, choice: CrewChoice): Promise<CrewPlace> {
  const { rig, name } = readWord(choice);
  const worker = parseWorkerName(name);
  return crewPlace(await chooseRig(ctx, { name: rig ?? '', cwd: choice.cwd }), worker);
}

/** All workspaces of a rig, by name. */
export async function clonesOf(ctx: TownContext, rig: Rig): Promise<readonly CrewPlace[]> {
  const folders = await listCrewFolders(ctx, rig);
  return folders.filter(({ kind }) => kind === 'clone').map(({ name }) => crewPlace(rig, name));
}

function isHome({ actor }: TownContext, rig: Rig, cwd: string): boolean {
  return 'rig' in actor ? actor.rig === rig.name : `${cwd}/`.startsWith(`${rig.paths.root}/`);
}

function readWord(choice: CrewChoice): { readonly rig: string | undefined; readonly name: string } {
  const { word } = choice;
  const rig = choice.rig === '' ? undefined : choice.rig;
  const [first = '', second, third, ...more] = word.split('/');
  if (second === undefined) return { rig, name: first };
  const name = third === undefined ? second : second === 'crew' ? third : '';
  if (name !== '' && more.length === 0 && (rig === undefined || rig === first)) {
    return { rig: first, name: readWorkerName(name) };
  }
  throw new UsageError({
    code: 'crew.bad-name',
    message: `'${word.slice(0, 60)}' names no crew workspace`,
    hint: 'Write <name>, or <rig>/<name>',
  });
}

function severalOf(name: string, found: readonly CrewPlace[]): UsageError {
  const list = found.map((place) => `${place.rig.name}/${place.name}`).join(', ');
  return name === ''
    ? new UsageError({ code: 'crew.not-named', message: 'which crew workspace?', hint: `One of: ${list}` })
    : new UsageError({ code: 'crew.ambiguous', message: `'${name}' could be ${list}`, hint: 'Add --rig' });
}

function notFound(
  asked: { name: string; rig: string | undefined },
  all: readonly CrewPlace[],
): NotFoundError {
  const name = asked.name.slice(0, 60);
  const add = `Run: gt crew add ${name === '' ? '<name>' : name}${asked.rig === undefined ? '' : ` --rig ${asked.rig}`}`;
  return new NotFoundError({
    code: 'crew.not-found',
    message: name === '' ? 'there is no crew workspace' : `no crew workspace '${name}'`,
    hint: nearestHint(
      name,
      all.map((place) => place.name),
      add,
    ),
  });
}
