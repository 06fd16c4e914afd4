import { RefusedError } from '../../../core/errors.ts';
import { onEachBead } from '../on-bead.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Opens deferred beads again. */
export const run = onEachBead({
  verb: 'undefer',
  done: 'Undeferred',
  change(tx, { id, status, deferUntil }) {
    if (status !== 'deferred' && deferUntil === undefined) {
      throw new RefusedError({
        code: 'beads.not-deferred',
        message: `${id} is not deferred (status: ${status})`,
      });
    }
    const opened = status === 'deferred' ? { status: 'open' } : {};
    return tx.update(id, { ...opened, deferUntil: null }, { status });
  },
});
