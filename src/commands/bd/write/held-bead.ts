import type { Bead } from '../../../beads/types.ts';
import { RefusedError } from '../../../core/errors.ts';

/**
 * A worker's own bead closes when its change has landed, never by hand (spec 03 §3). Throws RefusedError
 * `beads.held-by-worker`.
 */
export function refuseOwnWork(bead: Bead, actor: string): void {
  const isWorker = /^[^/]+\/polecats\/[^/]+$/.test(actor);
  const isHeld = bead.assignee === actor && (bead.status === 'hooked' || bead.status === 'in_progress');
  if (!isWorker || !isHeld || bead.table !== 'issues') return;
  throw new RefusedError({
    code: 'beads.held-by-worker',
    message: `cannot close ${bead.id}: it closes when it lands: gt done`,
  });
}
