import type { TownContext } from '../../beads/context.ts';
import { UnavailableError } from '../../core/errors.ts';
import { readEstops } from '../../town/estop.ts';
import type { Estop } from '../../town/estop.ts';
import { formatBars } from './kept-bars.ts';
import type { Bars, KeptBars } from './kept-bars.ts';
import { readTownView } from './read-view.ts';
import type { TownView } from './types.ts';

export interface BarFacts {
  readonly view: TownView;
  readonly estops: readonly Estop[];
}

export type DrawBars = (facts: BarFacts) => Bars;

/** Looks at the town and keeps what came of it for every bar of the next seconds. */
export async function makeBars(ctx: TownContext, draw: DrawBars): Promise<Bars> {
  const [view, estops] = await Promise.all([readTownView(ctx), readEstops(ctx)]);
  const kept: KeptBars = { at: ctx.ports.clock.now(), bars: draw({ view, estops }) };
  await ctx.ports.files.writeAtomic(ctx.paths.barsFile, formatBars(kept), { mode: 0o600 });
  return kept.bars;
}

/** `makeBars`, unless somebody else is at it: undefined. */
export async function makeBarsOnce(ctx: TownContext, draw: DrawBars): Promise<Bars | undefined> {
  try {
    await using _lock = await ctx.ports.locks.acquire('bars', { waitMs: 0, purpose: 'draw the status bars' });
    return await makeBars(ctx, draw);
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'lock.held') return undefined;
    throw error;
  }
}
