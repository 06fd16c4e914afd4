import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { RefusedError, UnreadableError } from '../../core/errors.ts';
import { isOldWorkerName, parsePrefix, parseWorkerName } from '../../core/names.ts';
import type { WorkerName } from '../../core/names.ts';
import { NO_WORK, readAllWork } from '../../hooks/held-work.ts';
import { readTownSettings } from '../../town/settings.ts';

/** Names of new dogs, in this order. */
const NAMES = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'] as const;

const DOG = /^deacon\/dogs\/([^/]+)$/;

/** A dog as it is now. */
export interface Dog {
  readonly name: WorkerName;
  /** Beads on its hook, in any ledger. */
  readonly held: readonly string[];
  readonly isUp: boolean;
}

/**
 * The dogs of the town: with a folder below deacon/dogs, or with work, for one that was given its first bead a moment ago
 * has no folder yet. UnreadableError when a session cannot be looked at.
 */
export async function listDogs(ctx: TownContext): Promise<readonly Dog[]> {
  const entries = (await ctx.ports.files.list(join(ctx.root, 'deacon/dogs'))) ?? [];
  const work = await Promise.all((await ctx.ledgers.all()).map(readAllWork));
  const found = [
    ...entries.flatMap(({ kind, name }) => (kind === 'dir' ? [name] : [])),
    ...work.flatMap((each) => [...each.keys()].flatMap((agent) => DOG.exec(agent)?.[1] ?? [])),
  ];
  const names = [...new Set(found)]
    .filter((name) => name !== 'boot')
    .filter(isOldWorkerName)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const assignee = formatAddress({ role: 'dog', name });
      const held = work.flatMap((each) => (each.get(assignee) ?? NO_WORK).held.map(({ id }) => id));
      return { name, held, isUp: await isUp(ctx, name) };
    }),
  );
}

/**
 * F2 for a dog: the named one, which need not be there yet, else the first idle one, else a new one while there is
 * room. Call while holding `pool-dogs`. RefusedError `dog.busy`, `dog.none-free`.
 */
export async function reserveDog(ctx: TownContext, named: WorkerName | undefined): Promise<WorkerName> {
  const dogs = await listDogs(ctx);
  if (named !== undefined) return checkNamed(dogs, named);
  const free = dogs.filter(({ held }) => held.length === 0);
  // One whose session was left behind is the last choice: somebody may be in it.
  const idle = free.find((dog) => !dog.isUp);
  if (idle !== undefined) return idle.name;
  const most = (await readTownSettings(ctx)).get('operational.daemon.max_dog_pool_size');
  const name = NAMES.find((each) => dogs.every((dog) => dog.name !== each));
  if (dogs.length < most && name !== undefined) return parseWorkerName(name);
  const [leaked] = free;
  if (leaked !== undefined) return leaked.name;
  throw new RefusedError({
    code: 'dog.none-free',
    message: `all ${dogs.length} dogs are at work`,
    hint: 'Wait for one, or: gt config set operational.daemon.max_dog_pool_size <n>',
  });
}

function checkNamed(dogs: readonly Dog[], named: WorkerName): WorkerName {
  const [bead] = dogs.find(({ name }) => name === named)?.held ?? [];
  if (bead === undefined) return named;
  throw new RefusedError({
    code: 'dog.busy',
    message: `dog ${named} has ${bead}`,
    hint: `Run: gt hook show dog:${named}`,
  });
}

async function isUp(ctx: TownContext, name: WorkerName): Promise<boolean> {
  const session = sessionOf({ role: 'dog', name }, parsePrefix('hq'));
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind !== 'unreadable') return seen.kind === 'live';
  throw new UnreadableError({
    code: 'session.unreadable',
    message: `cannot look at session ${session}: ${seen.why}`,
  });
}
