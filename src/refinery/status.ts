import type { MergeRequest } from '../beads/forms/merge-request.ts';
import { isLive } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { isWaiting } from './infra.ts';
import type { LaneRecord } from './lane.ts';
import { readQueue } from './queue.ts';
import { byScore, scoreOf } from './score.ts';
import { readQueueSettings } from './settings.ts';

/** One open merge request as people see it. */
export interface QueueItem {
  readonly mr: MergeRequest;
  /** `proving` when gates run on it now; else the phase of its row. */
  readonly phase: MergeRequest['phase'];
  readonly score: number;
  /** 1 … n in the chain that is being proven; undefined outside of it. */
  readonly chainPosition: number | undefined;
}

export interface LaneStatus {
  readonly target: string;
  readonly state: 'idle' | 'queued' | 'proving' | 'landing' | 'paused' | 'waiting' | 'target-broken';
  /** Why it is paused or waiting; '' otherwise. */
  readonly why: string;
  /** RFC 3339; '' when that is not known. */
  readonly since: string;
  readonly chain: number;
}

/** A rig's merge queue, from one look at the ledger: no process, no remote. */
export interface RefineryStatus {
  readonly rig: string;
  readonly enabled: boolean;
  /** Who runs a pass right now, `<host>:<pid>`. */
  readonly engine: string | undefined;
  /** Merge requests that are still to land; those sent back do not count. */
  readonly queued: number;
  /** All open ones in the order they would land; those that cannot come last. */
  readonly items: readonly QueueItem[];
  readonly lanes: readonly LaneStatus[];
  /** Gate runs of all lanes so far. */
  readonly gateRuns: number;
  /** Gate names in the order they run; empty = what lands is untested. */
  readonly gates: readonly string[];
  /** Lines about what the queue waits for, with the next step. */
  readonly waiting: readonly string[];
  readonly warnings: readonly string[];
}

export async function readRefineryStatus(ctx: TownContext, rig: Rig): Promise<RefineryStatus> {
  const [settings, holder, ledger] = await Promise.all([
    readQueueSettings(ctx, rig),
    ctx.ports.locks.holder(`refinery-${rig.name}`),
    ctx.ledgers.open(rig.database),
  ]);
  const queue = await readQueue(ledger, rig);
  const records = queue.lanes.map(({ record }) => record);
  const now = ctx.ports.clock.now();
  const lanes = records.map((record) => laneStatus(record, now));
  const disabled = settings.enabled
    ? []
    : [`merge_queue.enabled is false for ${rig.name}: nothing is landed`];
  return {
    rig: rig.name,
    enabled: settings.enabled,
    engine: holder === undefined ? undefined : `${holder.host}:${holder.pid}`,
    queued: queue.requests.filter(isLive).length,
    items: queueItems(queue.requests, records, now),
    lanes,
    gateRuns: records.reduce((sum, record) => sum + record.runs, 0),
    gates: settings.gates.map((gate) => gate.name),
    waiting: [...disabled, ...lanes.flatMap((lane) => (lane.why === '' ? [] : [waitingLine(rig, lane)]))],
    warnings: settings.warnings,
  };
}

/** Pure: the chain first, as it stands; then what is queued, by score; then what cannot be landed now. */
export function queueItems(
  requests: readonly MergeRequest[],
  lanes: readonly LaneRecord[],
  now: number,
): readonly QueueItem[] {
  const compare = byScore(now);
  return requests
    .map((mr) => itemOf(mr, lanes, now))
    .sort(
      (left, right) =>
        rank(left) - rank(right) ||
        (left.chainPosition ?? 0) - (right.chainPosition ?? 0) ||
        compare(left.mr, right.mr),
    );
}

function itemOf(mr: MergeRequest, lanes: readonly LaneRecord[], now: number): QueueItem {
  const lane = lanes.find(({ chain }) => chain.some((link) => link.mr === mr.id));
  const index = lane?.chain.findIndex((link) => link.mr === mr.id);
  const chainPosition = index === undefined ? undefined : index + 1;
  const furthest = Math.max(0, ...(lane?.proving?.positions ?? []));
  const proving = mr.phase === 'chained' && chainPosition !== undefined && chainPosition <= furthest;
  return { mr, phase: proving ? 'proving' : mr.phase, score: scoreOf(mr, now), chainPosition };
}

function rank({ mr, chainPosition }: QueueItem): number {
  if (chainPosition !== undefined) return 0;
  return mr.phase === 'queued' || mr.phase === 'deferred' || mr.phase === 'chained' ? 1 : 2;
}

function laneStatus(record: LaneRecord, now: number): LaneStatus {
  const { target, paused, intent, proving, broken, infra } = record;
  const base = { target, chain: record.chain.length, why: '', since: '' };
  if (paused !== undefined) return { ...base, state: 'paused', why: paused.why, since: paused.since };
  if (intent !== undefined) return { ...base, state: 'landing', since: intent.at };
  if (proving !== undefined) return { ...base, state: 'proving', since: proving.since };
  if (isWaiting(record, now)) {
    return { ...base, state: 'waiting', why: `${infra.why}; next try ${infra.retry_at}` };
  }
  if (broken !== undefined) {
    const why = `${target} fails its own gates; a merge request that passes alone lands first`;
    return { ...base, state: 'target-broken', why, since: broken.since };
  }
  return { ...base, state: record.chain.length > 0 ? 'queued' : 'idle' };
}

function waitingLine(rig: Rig, lane: LaneStatus): string {
  const next = lane.state === 'paused' ? `. Run: gt mq resume ${rig.name}` : '';
  return `${lane.target} is ${lane.state}: ${lane.why}${next}`;
}
