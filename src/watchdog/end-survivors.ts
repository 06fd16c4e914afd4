import type { TownContext } from '../beads/context.ts';
import { listSurvivors } from './survivors.ts';
import type { Survivor } from './survivors.ts';

/** Ends what of the town is still alive: TERM, and KILL after `graceMs`. Returns what lives even then. */
export async function endSurvivors(ctx: TownContext, graceMs: number): Promise<readonly Survivor[]> {
  const { processes } = ctx.ports;
  for (const { pid } of await listSurvivors(ctx)) {
    const identity = pid > 0 ? await processes.identify(pid) : undefined;
    if (identity !== undefined) await processes.stopTree(identity, graceMs);
  }
  return listSurvivors(ctx);
}
