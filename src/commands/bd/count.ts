import * as z from 'zod/mini';
import type { Bead } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { readFilter } from './filter.ts';
import { openBeads } from './open.ts';

export const schema = z.union([
  z.object({ count: z.number() }),
  z.object({ groups: z.array(z.object({ group: z.string(), count: z.number() })), total: z.number() }),
]);

const GROUPS: Readonly<Record<string, (bead: Bead) => readonly string[]>> = {
  'by-status': (bead) => [bead.status],
  'by-priority': (bead) => [`P${bead.priority}`],
  'by-type': (bead) => [bead.type],
  'by-assignee': (bead) => [bead.assignee === '' ? '(unassigned)' : bead.assignee],
  'by-label': (bead) => (bead.labels.length === 0 ? ['(no labels)'] : bead.labels),
};

/** How many issues match, wisps left out; closed ones count. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const filter = { ...readFilter(input), tables: ['issues'] as const };
  const by = Object.keys(GROUPS).find((name) => input.bool(name));
  if (by === undefined) {
    const count = await home.count(filter);
    return { data: { count }, text: String(count) };
  }
  const beads = await home.list(filter);
  const groups = groupCounts(beads, GROUPS[by] ?? (() => []));
  const lines = groups.map(({ group, count }) => `${String(count).padStart(6)}  ${oneLine(group)}`);
  return {
    data: { groups, total: beads.length },
    text: [...lines, `${String(beads.length).padStart(6)}  in all`].join('\n'),
  };
}

function groupCounts(beads: readonly Bead[], groupsOf: (bead: Bead) => readonly string[]) {
  const counts = new Map<string, number>();
  for (const group of beads.flatMap(groupsOf)) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([group, count]) => ({ group, count }));
}
