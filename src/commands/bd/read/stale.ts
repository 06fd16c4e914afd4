import { issueJson } from '../../../beads/write/issue-json.ts';
import { counted } from '../../../core/text.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { readLimit } from '../filter.ts';
import { onLedger } from '../handlers.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Issues that nobody has changed for some days, the longest forgotten first. */
export const run = onLedger(async ({ app, input, home }) => {
  const days = input.number('days') ?? 30;
  const status = input.flag('status');
  const limit = readLimit(input, 50);
  const beads = await home.list({
    tables: ['issues'],
    status: status === undefined ? ['open', 'in_progress'] : [status],
    query: { kind: 'compare', field: 'updated', op: '<', value: `${days}d` },
    order: 'updated',
    reverse: true,
    ...(limit === undefined ? {} : { limit }),
  });
  return {
    data: beads.map(issueJson),
    text: () =>
      renderBeadTable(beads, app.output, {
        nothing: `Nothing has been left alone for ${counted(days, 'day')}.`,
        noun: 'stale bead',
        changedAt: app.machine.clock.now(),
      }),
  };
});
