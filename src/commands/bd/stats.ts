import * as z from 'zod/mini';
import { countStatistics } from '../../beads/statistics.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { openBeads } from './open.ts';

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
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const found = await countStatistics(home);
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
    text: [
      `${found.total} beads in ${home.database} (${home.prefix}-…)`,
      '',
      `  open         ${found.open}  (${found.ready} ready, ${found.blocked} blocked)`,
      `  in progress  ${found.inProgress}`,
      `  closed       ${found.closed}${found.closed === 0 ? '' : `  (${found.leadTimeHours} h from start to end on average)`}`,
      `  deferred     ${found.deferred}`,
      `  pinned       ${found.pinned}`,
      ...(found.closableEpics === 0
        ? []
        : ['', `${found.closableEpics} epics have all their children closed`]),
    ].join('\n'),
  };
}
