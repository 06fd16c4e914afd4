import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { Hands } from './hands.ts';
import { commitVersions } from './version-commits.ts';

export interface FeedReport {
  readonly dispatched: number;
  /** Queued beads that are not ready or find no slot. */
  readonly waiting: number;
  readonly convoysClosed: number;
  /** One line for each part that failed; the others ran. */
  readonly troubles: readonly string[];
}

/**
 * What moves work on: convoys that are complete, beads that are ready. @param full also repairs readiness (real
 * `bd` on the same database knows nothing of our graph lock, DESIGN §2a) and writes history
 */
export async function runFeeds(ctx: TownContext, hands: Hands, full: boolean): Promise<FeedReport> {
  const troubles: string[] = [];
  const attempt = async <T>(what: string, instead: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      troubles.push(`${what}: ${messageOf(error)}`);
      return instead;
    }
  };
  if (full)
    await attempt('readiness', undefined, () => ctx.ledgers.inEach((ledger) => ledger.recomputeBlocked()));
  const convoysClosed = await attempt('convoys', 0, () => hands.closeConvoys());
  troubles.push(...(await attempt('hooks', [], () => hands.tellStanding())));
  const queue = await attempt('queue', { dispatched: 0, waiting: 0 }, () => hands.dispatchQueue());
  if (full) await attempt('history', undefined, () => commitVersions(ctx, 'work of the last minutes'));
  return { ...queue, convoysClosed, troubles };
}
