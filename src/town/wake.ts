import { UnavailableError } from '../core/errors.ts';
import type { Ipc } from '../ports/ipc.ts';
import type { TownPaths } from './layout.ts';

/** Why the daemon should look now instead of at its next tick. */
export type WakeReason = 'sling' | 'done' | 'session-end' | 'queue' | 'config' | 'up';

const ANSWER_MS = 500;

/** What a wake needs of a TownContext. */
export interface WakeTarget {
  readonly paths: Pick<TownPaths, 'daemonSocket'>;
  readonly ports: { readonly ipc: Ipc };
}

/**
 * Asks the daemon to tick at once. Best effort: with no daemon running, its next start or timer finds the same
 * rows. Returns whether it heard.
 */
export async function wakeDaemon(town: WakeTarget, reason: WakeReason): Promise<boolean> {
  try {
    await town.ports.ipc.request(town.paths.daemonSocket, { op: 'wake', reason }, ANSWER_MS);
    return true;
  } catch (error) {
    if (error instanceof UnavailableError) return false;
    throw error;
  }
}
