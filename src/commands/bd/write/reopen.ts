import { onEachBead } from '../on-bead.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Opens closed beads again; the reason becomes a comment. */
export const run = onEachBead({
  verb: 'reopen',
  done: 'Reopened',
  change: (tx, bead, input) => tx.reopen(bead.id, input.flag('reason')),
});
