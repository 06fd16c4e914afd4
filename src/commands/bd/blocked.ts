import * as z from 'zod/mini';
import { issueJson } from '../../beads/issue-json.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark, count } from '../../ui/text/beads.ts';
import { renderTable } from '../../ui/text/table.ts';
import { openBeads } from './open.ts';

export const schema = z.array(
  z.looseObject({ id: z.string(), blocked_by_count: z.number(), blocked_by: z.array(z.string()) }),
);

/** Beads that wait, each with what it waits for. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const parent = input.flag('parent');
  const children =
    parent === undefined ? undefined : new Set((await home.list({ parent })).map((bead) => bead.id));
  const blocked = (await home.blocked()).filter(({ bead }) => children?.has(bead.id) ?? true);
  const table = renderTable(
    [
      { title: 'Bead', value: ({ bead }) => beadMark(bead) },
      { title: 'P', value: ({ bead }) => String(bead.priority) },
      { title: 'Title', value: ({ bead }) => oneLine(bead.title), max: 60, flexible: true },
      { title: 'Waits for', value: ({ blockedBy }) => blockedBy.join(' ') },
    ],
    blocked,
    app.output,
  );
  return {
    data: blocked.map(({ bead, blockedBy }) => ({
      ...issueJson(bead),
      blocked_by_count: blockedBy.length,
      blocked_by: blockedBy,
    })),
    text:
      blocked.length === 0 ? 'Nothing is blocked.' : `${table}\n\n${count(blocked.length, 'blocked bead')}`,
  };
}
