import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import type { TickReport } from './report.ts';
import { readQueueSettings } from './settings.ts';
import { tickRefinery } from './tick.ts';

/** Passes again and again until `signal` aborts: the foreground form of the daemon's engine. */
export async function watchRefinery(
  ctx: TownContext,
  rig: Rig,
  options: { readonly signal: AbortSignal; readonly onReport: (report: TickReport) => void },
): Promise<void> {
  const { signal, onReport } = options;
  while (!signal.aborted) {
    const report = await tickRefinery(ctx, rig, { signal });
    onReport(report);
    const { pollMs } = await readQueueSettings(ctx, rig);
    const retryMs =
      report.retryAt === undefined ? pollMs : Date.parse(report.retryAt) - ctx.ports.clock.now();
    await ctx.ports.clock.sleep(Math.max(0, Math.min(pollMs, retryMs)), signal);
  }
}
