import type { TownContext } from '../beads/context.ts';
import type { Ledger } from '../beads/types.ts';
import type { Rig } from '../rig/registry.ts';
import type { GateResults } from './gate-results.ts';
import type { LaneHandle } from './lane-store.ts';
import type { MergeLease } from './merge-lease.ts';
import type { PushRemote } from './push-remote.ts';
import type { ReportBuilder } from './report.ts';
import type { QueueSettings } from './settings.ts';

/** What every step of one lane's pass works with. */
export interface Engine {
  readonly ctx: TownContext;
  readonly rig: Rig;
  readonly settings: QueueSettings;
  /** The rig's ledger. */
  readonly ledger: Ledger;
  readonly lease: MergeLease;
  readonly lane: LaneHandle;
  readonly remote: PushRemote;
  readonly results: GateResults;
  readonly report: ReportBuilder;
  /** Aborted when the pass must end: gates are stopped, no push is started. */
  readonly signal: AbortSignal;
}

/** RFC 3339 of now, whole seconds. */
export function timestamp(ctx: TownContext): string {
  return `${new Date(ctx.ports.clock.now()).toISOString().slice(0, 19)}Z`;
}

/** The branch that the lane lands on, as a full ref. */
export function targetRef(lane: LaneHandle): string {
  return `refs/heads/${lane.record.target}`;
}

/** Our refs of the lane: they keep what is pinned, chained and landed from being collected. */
export function laneRef(lane: LaneHandle, name: string): string {
  return `refs/gt/mq/${encodeURIComponent(lane.record.target)}/${name}`;
}
