import { writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import { parseWorkerName } from '../core/names.ts';
import type { Sha, WorkerName } from '../core/names.ts';
import { findStartPoint } from '../hooks/start-point.ts';
import { lockWorktree, prepareWorktree } from '../hooks/worktree.ts';
import type { Rig } from '../rig/registry.ts';
import { readJsonFile } from '../town/json-file.ts';
import { FOLDER_LIMIT } from './capacity.ts';
import { idleNames, readPool, usedNames } from './dispatch/pool.ts';
import type { Pool } from './dispatch/pool.ts';
import { lockPool } from './identity/add.ts';
import { firstFreeName } from './name-pool.ts';
import type { NamePool } from './name-pool.ts';

export interface PoolRequest {
  /** How many workers there shall be; default: `polecat_pool_size` of the rig, else 4. */
  readonly size: number | undefined;
  readonly dryRun: boolean;
}

export interface PoolReport {
  readonly size: number;
  /** Workers that were there. */
  readonly existing: readonly string[];
  /** Those made now; of a dry run those that would be. */
  readonly made: readonly MadeWorker[];
}

export interface MadeWorker {
  readonly name: WorkerName;
  /** Setup hooks that failed. */
  readonly warnings: readonly string[];
}

const DEFAULT_SIZE = 4;

/** Idle workers with worktrees at the default branch, so that the first dispatches wait for nothing. Can be repeated. */
export async function initPool(ctx: TownContext, rig: Rig, request: PoolRequest): Promise<PoolReport> {
  const wish = await readWish(ctx, rig);
  const size = request.size ?? wish.size;
  if (size > FOLDER_LIMIT) {
    throw new RefusedError({
      code: 'polecat.pool-too-big',
      message: `a rig has at most ${FOLDER_LIMIT} polecats, not ${size}`,
      hint: `Run: gt polecat pool-init ${rig.name} --size ${FOLDER_LIMIT}`,
    });
  }
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch });
  const { existing, wanting } = await hire(ctx, rig, { size, names: wish.names, dryRun: request.dryRun });
  const made: MadeWorker[] = [];
  for (const name of wanting) {
    if (request.dryRun) made.push({ name, warnings: [] });
    else made.push(await furnish(ctx, rig, { name, base }));
  }
  return { size, existing, made };
}

interface HireRequest {
  readonly size: number;
  readonly names: readonly string[];
  readonly dryRun: boolean;
}

/** Rows first, under the pool's lock, which nobody should wait long for; `wanting` have no worktree yet. */
async function hire(ctx: TownContext, rig: Rig, { size, names, dryRun }: HireRequest) {
  await using _lock = await lockPool(ctx, rig, 'pool-init');
  const pool = await readPool(ctx, rig);
  const existing = [...pool.rows].filter(([, row]) => row.agentState !== 'nuked').map(([name]) => name);
  const added = newNames(pool, { names, count: size - existing.length });
  const ledger = await ctx.ledgers.open(rig.database);
  if (!dryRun && added.length > 0) {
    await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
      for (const name of added) {
        const address = { role: 'polecat', rig: rig.name, name } as const;
        await writeAgentRow(tx, address, rig.prefix, { agentState: 'idle' });
      }
    });
  }
  const bare = idleNames(pool).filter((name) => !pool.folders.has(name));
  return { existing, wanting: [...bare, ...added].slice(0, size) };
}

interface Wish {
  readonly size: number;
  readonly names: readonly string[];
}

/** `polecat_pool_size` and `polecat_names` of R/config.json. */
async function readWish(ctx: TownContext, rig: Rig): Promise<Wish> {
  const doc = await readJsonFile(ctx.ports.files, rig.paths.configFile);
  const size = doc?.['polecat_pool_size'];
  const names = doc?.['polecat_names'];
  return {
    size: typeof size === 'number' && Number.isInteger(size) && size > 0 ? size : DEFAULT_SIZE,
    names: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
  };
}

/** The rig's own names first, then those of its pool. */
function newNames(
  pool: Pool,
  { names, count }: { readonly names: readonly string[]; readonly count: number },
): readonly WorkerName[] {
  const made: WorkerName[] = [];
  const all: NamePool = { names: [...names, ...pool.names.names], size: names.length + pool.names.size };
  const { taken, ever } = usedNames(pool);
  while (made.length < count) {
    const used = { taken: new Set([...taken, ...made]), ever: new Set([...ever, ...made]) };
    made.push(parseWorkerName(firstFreeName(all, used)));
  }
  return made;
}

async function furnish(
  ctx: TownContext,
  rig: Rig,
  { name, base }: { readonly name: WorkerName; readonly base: Sha },
): Promise<MadeWorker> {
  await using _lock = await lockWorktree(ctx, rig, { worker: name, purpose: `pool-init ${name}` });
  return { name, warnings: await prepareWorktree(ctx, rig, { worker: name, start: base }) };
}
