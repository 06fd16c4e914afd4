import type { TownContext } from '../../beads/context.ts';
import { sessionOf } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Sha, WorkerName } from '../../core/names.ts';
import { remoteTips } from '../../hooks/reachable.ts';
import { isClean, readWorktreeState } from '../../hooks/worktree-state.ts';
import type { Rig } from '../../rig/registry.ts';
import { formatJson } from '../../town/json-file.ts';
import { FOLDER_LIMIT } from '../capacity.ts';
import { pickWorker } from '../name-pool.ts';
import type { ReuseCandidate } from '../name-pool.ts';
import { isSelfReportedStuck } from '../../beads/forms/agent-row.ts';
import { heldBy, idleNames, pendingFile, readPool, usedNames } from './pool.ts';
import type { Pool } from './pool.ts';

export interface ReserveRequest {
  readonly rig: Rig;
  readonly bead: string;
  /** The worker that must take it; with `orAny` another one when that is dead. */
  readonly named?: WorkerName | undefined;
  readonly orAny?: boolean | undefined;
  /** The worker that had it before. */
  readonly preferred?: string | undefined;
}

export type Reservation =
  | {
      readonly kind: 'reserved';
      readonly worker: WorkerName;
      /** Where its worktree stands, proved just now to be kept elsewhere. */
      readonly published: Sha | undefined;
    }
  /** Every folder is in use. */
  | { readonly kind: 'full'; readonly why: string };

/**
 * F2: chooses the worker and marks its name. Call only while holding `pool-<rig>`, and keep it until the hook
 * transaction has committed: from then on the rows say who is taken. RefusedError `polecat.busy`,
 * `polecat.stuck` for a named worker that cannot take it.
 */
export async function reserveWorker(ctx: TownContext, request: ReserveRequest): Promise<Reservation> {
  const { rig, orAny } = request;
  const pool = await readPool(ctx, rig);
  const named =
    request.named !== undefined && orAny === true && (await isDead(ctx, { rig, named: request.named, pool }))
      ? undefined
      : request.named;
  if (named !== undefined) await checkNamed(ctx, { rig, named, pool });
  const fits = named === undefined || hasRoom(pool, named);
  const preferred = request.preferred ?? request.named;
  const chosen = named === undefined ? await pickFrom(ctx, { rig, preferred, pool }) : { name: named };
  const picked = fits ? chosen.name : undefined;
  if (picked === undefined) return { kind: 'full', why: `all ${FOLDER_LIMIT} polecat folders are in use` };
  const mark = { bead: request.bead, at: new Date(ctx.ports.clock.now()).toISOString() };
  await ctx.ports.files.writeAtomic(pendingFile(rig, picked), formatJson(mark), { mode: 0o600 });
  return { kind: 'reserved', worker: picked, published: chosen.published };
}

/** After the hook transaction, or when it failed: the rows speak for themselves. */
export async function dropReservation(ctx: TownContext, rig: Rig, worker: WorkerName): Promise<void> {
  await ctx.ports.files.remove(pendingFile(rig, worker));
}

interface Chosen {
  readonly name: WorkerName | undefined;
  readonly published?: Sha | undefined;
}

async function pickFrom(
  ctx: TownContext,
  {
    rig,
    preferred,
    pool,
  }: { readonly rig: Rig; readonly preferred: string | undefined; readonly pool: Pool },
): Promise<Chosen> {
  const idle: (ReuseCandidate & { readonly head: Sha | undefined })[] = [];
  let remote: readonly Sha[] | undefined;
  for (const name of idleNames(pool)) {
    if (!hasRoom(pool, name) || !(await hasNoSession(ctx, rig, name))) continue;
    // One clean worker is enough; looking into every worktree of a big pool would take seconds.
    const known = idle.some((candidate) => candidate.clean);
    remote ??= await remoteTips(ctx, rig);
    const state = known ? undefined : await readWorktreeState(ctx, rig, name, remote);
    const clean = state !== undefined && isClean(state);
    idle.push({ name, clean, head: clean && state.kind === 'readable' ? state.head : undefined });
  }
  const picked = pickWorker({
    idle,
    used: usedNames(pool),
    pool: pool.names,
    mayGrow: pool.folders.size < FOLDER_LIMIT,
    preferred,
  });
  if (picked.kind === 'full') return { name: undefined };
  return { name: picked.name, published: idle.find(({ name }) => name === picked.name)?.head };
}

/** It has a folder, or may get one. */
function hasRoom(pool: Pool, name: WorkerName): boolean {
  return pool.folders.has(name) || pool.folders.size < FOLDER_LIMIT;
}

async function hasNoSession(ctx: TownContext, rig: Rig, name: WorkerName): Promise<boolean> {
  const session = sessionOf({ role: 'polecat', rig: rig.name, name }, rig.prefix);
  const { kind } = await ctx.ports.panes.observe(session);
  return kind === 'none' || kind === 'exited' || kind === 'gone';
}

interface Named {
  readonly rig: Rig;
  readonly named: WorkerName;
  readonly pool: Pool;
}

/** It has work and no session, or somebody removed it. */
async function isDead(ctx: TownContext, { rig, named, pool }: Named): Promise<boolean> {
  const row = pool.rows.get(named);
  if (row === undefined || row.agentState === 'nuked') return true;
  return heldBy(pool, row).length > 0 && (await hasNoSession(ctx, rig, named));
}

async function checkNamed(ctx: TownContext, { rig, named, pool }: Named): Promise<void> {
  if (pool.crew.has(named)) throw isCrew(rig, named);
  const row = pool.rows.get(named);
  const [bead] = row === undefined ? [] : heldBy(pool, row);
  if (bead !== undefined) throw busy(named, `has ${bead.id}`);
  if (pool.pending.has(named)) throw busy(named, 'is being given work right now');
  if (row !== undefined && isSelfReportedStuck(row.agentState)) {
    throw new RefusedError({
      code: 'polecat.stuck',
      message: `polecat ${named} reported ${row.agentState}: somebody must look first`,
      hint: `Run: gt polecat status ${rig.name}/${named}`,
    });
  }
  if (!(await hasNoSession(ctx, rig, named))) throw busy(named, 'has a session that is still up');
}

/** Crew and polecat of one name would share a mailbox. */
export function isCrew(rig: Rig, name: string): RefusedError {
  return new RefusedError({
    code: 'polecat.is-crew',
    message: `${name} is crew in ${rig.name}: no polecat can have that name`,
    hint: 'Choose another name, or leave it out',
  });
}

function busy(name: WorkerName, why: string): RefusedError {
  return new RefusedError({
    code: 'polecat.busy',
    message: `polecat ${name} ${why}`,
    hint: 'Run: gt polecat list',
  });
}
