import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { TickReport } from '../refinery/report.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { backoffMs } from './backoff.ts';
import { FAILURE_BACKOFF } from './next-memory.ts';
import { createBell } from './bell.ts';

/** One merge engine of the daemon. */
export interface EngineLoop {
  readonly rig: Rig;
  /** Something was submitted, landed or changed: look now. */
  wake(): void;
  /** What it did last, for status. */
  view(): EngineView;
  /** Ends it; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

export interface EngineView {
  readonly rig: string;
  readonly state: 'starting' | 'working' | TickReport['state'] | 'failing';
  /** Lines about what it waits for, or why it fails. */
  readonly waiting: readonly string[];
}

export interface EngineDeps {
  readonly tick: (
    ctx: TownContext,
    rig: Rig,
    options: { readonly signal: AbortSignal },
  ) => Promise<TickReport>;
  /** Called after a pass that landed or sent back something: beads became ready, convoys complete. */
  readonly onProgress: () => void;
}

/** Runs the merge queue of one rig until stopped, beside everything else the daemon does. Never throws. */
export function startEngine(ctx: TownContext, rig: Rig, deps: EngineDeps): EngineLoop {
  const bell = createBell(ctx.ports.clock);
  const stopping = new AbortController();
  const state: { view: EngineView } = { view: { rig: rig.name, state: 'starting', waiting: [] } };
  const loop = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let pauseMs: number;
      try {
        state.view = { ...state.view, state: 'working' };
        const report = await deps.tick(ctx, rig, { signal: stopping.signal });
        state.view = { rig: rig.name, state: report.state, waiting: [...report.waiting, ...report.warnings] };
        if (report.landed.length + report.evicted.length + report.conflicts.length > 0) deps.onProgress();
        failures = 0;
        pauseMs = await pauseAfter(ctx, rig, report);
      } catch (error) {
        failures += 1;
        state.view = { rig: rig.name, state: 'failing', waiting: [messageOf(error)] };
        ctx.ports.log.warn('merge engine failed', { rig: rig.name, why: messageOf(error) });
        pauseMs = backoffMs(failures, FAILURE_BACKOFF);
      }
      await bell.wait(pauseMs, stopping.signal);
    }
  };
  const running = loop();
  return {
    rig,
    wake: () => bell.ring(),
    view: () => state.view,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** The poll interval, or sooner when the engine said so. */
async function pauseAfter(ctx: TownContext, rig: Rig, report: TickReport): Promise<number> {
  const settings = await readRigSettings(ctx, rig);
  const poll = settings.get('merge_queue.poll_interval');
  if (report.retryAt === undefined) return poll;
  return Math.max(0, Math.min(poll, Date.parse(report.retryAt) - ctx.ports.clock.now()));
}
