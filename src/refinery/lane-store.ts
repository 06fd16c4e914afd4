import { createHash } from 'node:crypto';
import { RefusedError, UnreadableError } from '../core/errors.ts';
import { claimOf } from '../beads/forms/merge-request.ts';
import { makeUlid } from '../core/ulid.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead, Ledger, LedgerTx } from '../beads/types.ts';
import type { Rig } from '../rig/registry.ts';
import { LANE_LABEL, laneMetadata, newLane, parseLane } from './lane.ts';
import type { LaneRecord } from './lane.ts';

/** How long another machine must wait for a silent owner; renewed three times in it. */
export const LANE_LEASE_MS = 60_000;

/** One lane as this engine owns it. Every write is fenced by the record's `rev`. */
export interface LaneHandle {
  readonly id: string;
  readonly record: LaneRecord;
  /**
   * Writes `patch` (undefined unsets) and whatever `work` writes in one transaction, or nothing of it.
   * RefusedError `mq.lane-lost` when somebody else has written the lane since: stop at once.
   */
  save(patch: Partial<LaneRecord>, work?: (tx: LedgerTx) => Promise<unknown>): Promise<void>;
  /** Counts one gate run; several slots may do so at once. */
  countRun(): Promise<void>;
}

/** A lane bead parsed; UnreadableError `mq.lane-corrupt` when its metadata is no lane. */
export function readLane(bead: Bead): LaneRecord {
  const record = parseLane(bead.metadata);
  if (record !== undefined) return record;
  throw new UnreadableError({
    code: 'mq.lane-corrupt',
    message: `lane ${bead.id}: its record cannot be read`,
    hint: `Run: bd close ${bead.id} (the queue then starts a new lane from the open merge requests)`,
  });
}

interface LanePlace {
  readonly ctx: TownContext;
  readonly rig: Rig;
  readonly ledger: Ledger;
  /** `host:pid`-like text of this engine. */
  readonly owner: string;
}

/** Takes over an existing lane, or makes the lane of `target`. The caller holds the rig's merge lock. */
export async function openLane(
  place: LanePlace,
  lane: { readonly target: string; readonly bead: Bead | undefined },
): Promise<LaneHandle> {
  const bead = lane.bead ?? (await createLane(place, lane.target));
  return makeHandle(place, bead.id, readLane(bead));
}

async function createLane({ ctx, rig, ledger }: LanePlace, target: string): Promise<Bead> {
  // The id is chosen, so two engines that both see no lane cannot make two.
  const id = `${rig.prefix}-mq-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`;
  const existing = await ledger.get(id);
  if (existing !== undefined && existing.status !== 'closed') return existing;
  return ledger.transaction(claimOf(rig.name), async (tx) => {
    if (existing !== undefined) await tx.delete(id);
    return tx.create({
      id,
      title: `Merge lane: ${rig.name} ${target}`,
      type: 'merge-request',
      labels: [LANE_LABEL],
      noInheritLabels: true,
      keep: 'no-history',
      metadata: laneMetadata(newLane(target, freshRev(ctx))),
    });
  });
}

type LaneChange = (record: LaneRecord) => Partial<LaneRecord>;

function makeHandle(place: LanePlace, id: string, first: LaneRecord): LaneHandle {
  let record = first;
  let last: Promise<void> = Promise.resolve();
  const write = async (change: LaneChange, work?: (tx: LedgerTx) => Promise<unknown>): Promise<void> => {
    const next = { ...record, ...change(record), ...ownership(place) };
    await place.ledger.transaction(claimOf(place.rig.name), async (tx) => {
      await replace(tx, { id, from: record.rev, to: next });
      await work?.(tx);
    });
    record = next;
  };
  // The lease is renewed while gates run, so writes wait for each other.
  const inTurn: typeof write = (change, work) => {
    const mine = last.then(() => write(change, work));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    id,
    get record() {
      return record;
    },
    save: (patch, work) => inTurn(() => patch, work),
    countRun: () => inTurn(({ runs }) => ({ runs: runs + 1 })),
  };
}

function ownership({ ctx, owner }: LanePlace): Pick<LaneRecord, 'rev' | 'owner' | 'lease_until'> {
  const until = new Date(ctx.ports.clock.now() + LANE_LEASE_MS).toISOString();
  return { rev: freshRev(ctx), owner, lease_until: until };
}

async function replace(
  tx: LedgerTx,
  change: { readonly id: string; readonly from: string; readonly to: LaneRecord },
): Promise<void> {
  try {
    await tx.update(change.id, { metadata: laneMetadata(change.to) }, { metadata: { rev: change.from } });
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'bead.changed') throw lostLane(change.id);
    throw error;
  }
}

function lostLane(id: string): RefusedError {
  return new RefusedError({
    code: 'mq.lane-lost',
    message: `lane ${id}: another engine or a person has changed it meanwhile`,
  });
}

export function isLostLane(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 'mq.lane-lost';
}

/** A writer-unique value: two sessions that write the same one would both commit on Dolt (DESIGN §2a). */
function freshRev(ctx: TownContext): string {
  return makeUlid(ctx.ports.clock.now(), ctx.ports.random.bytes(10));
}

/**
 * Changes a lane from outside the engine (pause, resume). A running engine loses the lane by it, stops, and
 * the next pass reads the change.
 */
export async function changeLane(
  ctx: TownContext,
  rig: Rig,
  change: { readonly bead: Bead; readonly patch: Partial<LaneRecord> },
): Promise<LaneRecord> {
  const record = readLane(change.bead);
  const next = { ...record, ...change.patch, rev: freshRev(ctx) };
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(claimOf(rig.name), (tx) =>
    replace(tx, { id: change.bead.id, from: record.rev, to: next }),
  );
  return next;
}

/** The lane of a target, made now when nothing was queued for it yet. */
export async function findLane(ctx: TownContext, rig: Rig, target: string): Promise<Bead> {
  const ledger = await ctx.ledgers.open(rig.database);
  return createLane({ ctx, rig, ledger, owner: '' }, target);
}

export function isLane(bead: Bead): boolean {
  return bead.labels.includes(LANE_LABEL);
}
