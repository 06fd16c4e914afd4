import { UnavailableError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Hands } from './hands.ts';

/** Longer than a remote is given for its answer to a push. */
const PATIENCE_MS = 90_000;

/**
 * Hands that do not wait for ever: work that hangs (a git, a file system) is left running, and until it ends nothing
 * else is begun on its rig, so that a pass goes on with the others. UnavailableError `rig.hanging`.
 */
export function patientHands(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  hands: Hands,
): Hands {
  const busy = new Set<string>();
  const patiently = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (busy.has(what)) throw stillBusy(what);
    busy.add(what);
    const working = work().finally(() => busy.delete(what));
    const over = new AbortController();
    const limit = clock.sleep(PATIENCE_MS, over.signal).then(() => {
      if (!over.signal.aborted) log.warn('work does not end, going on without it', { what });
      throw stillBusy(what);
    });
    try {
      return await Promise.race([working, limit]);
    } finally {
      over.abort();
    }
  };
  return {
    ...hands,
    rollForward: (rig, bead) => patiently(rig.name, () => hands.rollForward(rig, bead)),
    respawn: (rig, bead, death) => patiently(rig.name, () => hands.respawn(rig, bead, death)),
    resumeDone: (rig, worker) => patiently(rig.name, () => hands.resumeDone(rig, worker)),
    finishDone: (rig, worker) => patiently(rig.name, () => hands.finishDone(rig, worker)),
    callJudge: (rig, message) => patiently(`${rig.name} refinery`, () => hands.callJudge(rig, message)),
    dispatchQueue: () => patiently('dispatch', () => hands.dispatchQueue()),
  };
}

function stillBusy(what: string): UnavailableError {
  return new UnavailableError({
    code: 'rig.hanging',
    message: `${what}: the daemon's last work there has not ended yet`,
    hint: 'Look for a git that hangs, run: gt daemon logs',
  });
}
