import { RefusedError, UnavailableError } from '../../core/errors.ts';
import type { TownContext } from '../context.ts';

/** Keeps the daemon from running until disposed. RefusedError `store.daemon-runs` when it runs. */
export async function restDaemon(ctx: TownContext, purpose: string): Promise<AsyncDisposable> {
  try {
    return await ctx.ports.locks.acquire('daemon', { waitMs: 0, purpose });
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.code !== 'lock.held') throw error;
    throw new RefusedError({
      code: 'store.daemon-runs',
      message: `the daemon works on the ledger, and ${purpose} needs it to rest`,
      hint: 'Run: gt daemon stop, then this again, then gt up',
      cause: error,
    });
  }
}
