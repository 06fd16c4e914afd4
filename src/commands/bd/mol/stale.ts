import * as z from 'zod/mini';
import { parentChildren } from '../../../beads/read/by-id.ts';
import { isDone } from '../../../beads/words/kinds.ts';
import { titled, onLedger } from '../handlers.ts';

export const schema = z.object({
  stale_molecules: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      total_children: z.number(),
      closed_children: z.number(),
      assignee: z.optional(z.string()),
      blocking_issues: z.optional(z.array(z.string())),
      blocking_count: z.number(),
    }),
  ),
  total_count: z.number(),
  blocking_count: z.number(),
});

/** Molecules and epics whose steps are all done and that are open still. */
export const run = onLedger(async ({ input, home }) => {
  const roots = await home.list({ type: ['molecule', 'epic'], notStatus: ['closed'], order: 'id' });
  const ids = roots.map((bead) => bead.id);
  const children = await parentChildren(home, ids);
  const waiting = (await home.edgesTo(ids)).filter((edge) => edge.type === 'blocks');
  const stale = roots
    .map((bead) => ({
      bead,
      children: children.get(bead.id) ?? [],
      blocking: waiting.filter((edge) => edge.to === bead.id).map((edge) => edge.from),
    }))
    .filter(
      (one) =>
        (one.children.length > 0 || input.bool('all')) &&
        one.children.every((child) => isDone(child.status)) &&
        (one.blocking.length > 0 || !input.bool('blocking')) &&
        (one.bead.assignee === '' || !input.bool('unassigned')),
    );
  return {
    data: {
      stale_molecules: stale.map(({ bead, children, blocking }) => ({
        id: bead.id,
        title: bead.title,
        total_children: children.length,
        closed_children: children.length,
        ...(bead.assignee === '' ? {} : { assignee: bead.assignee }),
        ...(blocking.length === 0 ? {} : { blocking_issues: blocking }),
        blocking_count: blocking.length,
      })),
      total_count: stale.length,
      blocking_count: stale.filter((one) => one.blocking.length > 0).length,
    },
    text:
      stale.length === 0
        ? 'Nothing is complete and still open.'
        : [
            ...stale.map(
              ({ bead, blocking }) =>
                `${titled(bead)}${blocking.length === 0 ? '' : `  (holds back ${blocking.join(', ')})`}`,
            ),
            '',
            'Close one: bd close <id>',
          ].join('\n'),
  };
});
