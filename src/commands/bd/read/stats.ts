import * as z from 'zod/mini';
import type { Statistics } from '../../../beads/read/statistics.ts';
import type { Ledger } from '../../../beads/types.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
  summary: z.object({
    average_lead_time_hours: z.number(),
    blocked_issues: z.number(),
    closed_issues: z.number(),
    deferred_issues: z.number(),
    epics_eligible_for_closure: z.number(),
    in_progress_issues: z.number(),
    open_issues: z.number(),
    pinned_issues: z.number(),
    ready_issues: z.number(),
    total_issues: z.number(),
  }),
});

/** How much work there is and where it stands. */
export const run = onLedger(async ({ input, home, actor }) => {
  const assignee = input.bool('assigned') ? await actor() : undefined;
  const found = await home.statistics(assignee);
  return {
    data: {
      summary: {
        total_issues: found.total,
        open_issues: found.open,
        in_progress_issues: found.inProgress,
        closed_issues: found.closed,
        blocked_issues: found.blocked,
        deferred_issues: found.deferred,
        ready_issues: found.ready,
        pinned_issues: found.pinned,
        epics_eligible_for_closure: found.closableEpics,
        average_lead_time_hours: found.leadTimeHours,
      },
    },
    text: () => statisticsText(found, home, assignee),
  };
});

function statisticsText(found: Statistics, home: Ledger, assignee: string | undefined): string {
  if (found.total === 0 && assignee === undefined) {
    return `No beads yet. bd create "Title" makes the first.`;
  }
  const rows: readonly (readonly [string, number, string])[] = [
    ['ready', found.ready, 'can start now: bd ready'],
    ['blocked', found.blocked, 'wait for others: bd blocked'],
    ['open', found.open, 'ready, blocked or put off'],
    ['in progress', found.inProgress, ''],
    ['deferred', found.deferred, 'put off: bd list --deferred'],
    ['pinned', found.pinned, ''],
    [
      'closed',
      found.closed,
      found.closed === 0 ? '' : `${hoursText(found.leadTimeHours)} from start to end on average`,
    ],
  ];
  const width = Math.max(...rows.map(([, number]) => String(number).length));
  return [
    `${counted(found.total, 'bead')} (${home.prefix}-…)${assignee === undefined ? '' : ` of ${oneLine(assignee)}`}`,
    '',
    ...rows.map(([name, number, note]) =>
      `  ${name.padEnd(12)} ${String(number).padStart(width)}  ${note}`.trimEnd(),
    ),
    ...(found.closableEpics === 0
      ? []
      : ['', `${counted(found.closableEpics, 'epic')} with all children closed: bd epic close-eligible`]),
  ].join('\n');
}

function hoursText(hours: number): string {
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
