import * as z from 'zod/mini';
import type { CountGroup } from '../../../beads/types.ts';
import { oneLine } from '../../../core/text.ts';
import { readFilter } from '../filter.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.union([
  z.object({ count: z.number() }),
  z.object({ groups: z.array(z.object({ group: z.string(), count: z.number() })), total: z.number() }),
]);

/** What each group is called, and what those without a value are. */
const NAMES: Readonly<Record<CountGroup, (group: string) => string>> = {
  status: (group) => group,
  priority: (group) => `P${group}`,
  type: (group) => group,
  assignee: (group) => group || '(unassigned)',
  label: (group) => group || '(no labels)',
};
const GROUPS = ['status', 'priority', 'type', 'assignee', 'label'] as const;

/** How many issues match, wisps left out; closed ones count. */
export const run = onLedger(async ({ input, beads, home }) => {
  const filter = { ...(await readFilter(beads, input)), tables: ['issues'] as const };
  const total = await home.count(filter);
  const by = GROUPS.find((name) => input.bool(`by-${name}`));
  if (by === undefined) return { data: { count: total }, text: String(total) };
  const counts = [...(await home.countBy(filter, by))].map(([group, count]) => ({
    group: NAMES[by](group),
    count,
  }));
  const groups = counts.toSorted((left, right) => (left.group < right.group ? -1 : 1));
  const lines = groups.map(({ group, count }) => `${String(count).padStart(6)}  ${oneLine(group)}`);
  return { data: { groups, total }, text: [...lines, `${String(total).padStart(6)}  in all`].join('\n') };
});
