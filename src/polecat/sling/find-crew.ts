import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { listCrewFolders } from '../../rig/crew-folders.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

export interface CrewQuery {
  /** `ann`, `<rig>/ann` or `<rig>/crew/ann`. */
  readonly word: string;
  /** `--rig`; '' = not given. */
  readonly rig: string;
  readonly cwd: string;
}

type Crew = Extract<AgentAddress, { role: 'polecat' | 'crew' }>;

export interface Member {
  readonly rig: Rig;
  readonly address: Crew;
}

/**
 * A crew member by name: in the named rig, else in that of the caller or of `cwd`, else the only one of that name.
 * NotFoundError `crew.not-found`; UsageError `crew.ambiguous` `sling.options`.
 */
export async function findCrew(ctx: TownContext, query: CrewQuery): Promise<Member> {
  const parts = query.word.split('/').filter((part) => part !== '');
  const name = parts.at(-1) ?? '';
  const [written = query.rig] = parts.length > 1 ? parts : [];
  if (query.rig !== '' && written !== query.rig) {
    const message = `--rig ${query.rig} and ${query.word.slice(0, 60)} are two rigs`;
    throw new UsageError({ code: 'sling.options', message });
  }
  const rigs = written === '' ? await listRigs(ctx) : [await rigNamed(ctx, written)];
  const found = await Promise.all(rigs.map((rig) => memberOf(ctx, rig, name)));
  const members = found.filter((member) => member !== undefined);
  const home = members.find(({ rig }) => isHome(ctx, rig, query.cwd));
  const [first, ...others] = home === undefined ? members : [home];
  if (first !== undefined && others.length === 0) return first;
  throw first === undefined ? await unknown(ctx, rigs, name) : ambiguous(name, [first, ...others]);
}

async function memberOf(ctx: TownContext, rig: Rig, text: string): Promise<Member | undefined> {
  const folders = await listCrewFolders(ctx, rig);
  const found = folders.find(({ name, kind }) => name === text && kind === 'clone');
  return found === undefined
    ? undefined
    : { rig, address: { role: 'crew', rig: rig.name, name: found.name } };
}

function isHome({ actor }: TownContext, rig: Rig, cwd: string): boolean {
  if ('rig' in actor) return actor.rig === rig.name;
  return cwd === rig.paths.root || cwd.startsWith(`${rig.paths.root}/`);
}

async function unknown(ctx: TownContext, rigs: readonly Rig[], name: string): Promise<NotFoundError> {
  const folders = (await Promise.all(rigs.map((rig) => listCrewFolders(ctx, rig)))).flat();
  const names = folders.filter(({ kind }) => kind === 'clone').map((folder) => folder.name);
  return new NotFoundError({
    code: 'crew.not-found',
    message: `there is no crew member '${name.slice(0, 60)}'`,
    hint: nearestHint(
      name,
      names,
      names.length === 0 ? 'No rig has crew yet' : `There are: ${names.join(', ')}`,
    ),
  });
}

function ambiguous(name: string, members: readonly Member[]): UsageError {
  return new UsageError({
    code: 'crew.ambiguous',
    message: `'${name}' could be ${members.map(({ address }) => formatAddress(address)).join(' or ')}`,
    hint: 'Name the rig: --rig <rig>',
  });
}
