import * as z from 'zod/mini';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { AppContext } from '../../../context.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { beadMark, paintPriority, paintState } from '../../../ui/text/beads.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { idOf } from '../filter.ts';
import { onLedger } from '../handlers.ts';
import { openBeads } from '../open.ts';

export const schema = z.array(
  z.looseObject({ id: z.string(), blocked_by_count: z.number(), blocked_by: z.array(z.string()) }),
);

/** Beads that wait, each with what it waits for. */
export const run = onLedger(async ({ app, input, beads, home }) => {
  const parent = input.flag('parent');
  const blocked = await home.blocked(parent === undefined ? undefined : await idOf(beads, parent));
  return {
    data: blocked.map(({ bead, blockedBy }) => ({
      ...issueJson(bead),
      blocked_by_count: blockedBy.length,
      blocked_by: blockedBy,
    })),
    text: () =>
      blocked.length === 0
        ? 'Nothing is blocked. bd ready shows what can start now.'
        : `${tableOf(app, blocked)}\n\n${counted(blocked.length, 'blocked bead')}`,
  };
});

type Blocked = Awaited<ReturnType<Awaited<ReturnType<typeof openBeads>>['home']['blocked']>>[number];

function tableOf({ output }: AppContext, blocked: readonly Blocked[]): string {
  const paint = output.style;
  return renderTable<Blocked>(
    [
      {
        title: 'Bead',
        value: ({ bead }) => beadMark(bead),
        paint: (cell, { bead }) => paintState(cell, bead, paint),
      },
      {
        title: 'P',
        value: ({ bead }) => String(bead.priority),
        paint: (cell, { bead }) => paintPriority(cell, bead.priority, paint),
      },
      { title: 'Title', value: ({ bead }) => oneLine(bead.title, Infinity), max: 60, flexible: true },
      { title: 'Waits for', value: ({ blockedBy }) => blockedBy.join(' '), max: 60, flexible: true },
    ],
    blocked,
    output,
  );
}
