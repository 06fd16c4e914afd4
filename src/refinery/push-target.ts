import type { Sha } from '../core/names.ts';
import type { PushOutcome } from '../ports/git.ts';
import { targetRef } from './engine.ts';
import type { Engine } from './engine.ts';
import type { MergeLease } from './merge-lease.ts';

const PUSH_TIMEOUT_MS = 60_000;

/**
 * The only function that moves a target branch: from exactly `old` to exactly `next`, refused by the remote when it
 * is anywhere else. The outcome is a hint; what counts is what the remote says when asked afterwards.
 */
export async function pushTarget(
  lease: MergeLease,
  engine: Engine,
  move: { readonly old: Sha; readonly next: Sha; readonly what?: 'integration' },
): Promise<PushOutcome> {
  lease.assertHeld();
  // A squashed branch brings nobody's tip with it: then the hook need not ask the remote once more.
  const isWhole = move.what === 'integration' || engine.settings.method === 'squash';
  return engine.ctx.ports.git.remotes.push(engine.remote.repo, {
    to: engine.remote.name,
    updates: [{ ref: targetRef(engine.lane), sha: move.next, lease: move.old }],
    timeoutMs: PUSH_TIMEOUT_MS,
    ...(isWhole ? { env: { GT_INTEGRATION_LAND: '1' } } : {}),
  });
}
