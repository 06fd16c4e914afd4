import * as z from 'zod/mini';
import { readSwarmWork, swarmProgress, type SwarmProgress } from '../../../beads/graphs/swarm.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { progressBar } from '../../../ui/text/progress-bar.ts';
import { openBeads } from '../open.ts';
import { locateEpic } from './swarm-epic.ts';

const issue = z.object({
  id: z.string(),
  title: z.string(),
  assignee: z.optional(z.string()),
  blocked_by: z.optional(z.array(z.string())),
  closed_at: z.optional(z.string()),
});
export const schema = z.object({
  epic_id: z.string(),
  epic_title: z.string(),
  total_issues: z.number(),
  completed: z.array(issue),
  active: z.array(issue),
  ready: z.array(issue),
  blocked: z.array(issue),
  progress_percent: z.number(),
  active_count: z.number(),
  ready_count: z.number(),
  blocked_count: z.number(),
});

/** What of an epic is done, in work, ready and blocked; all of it read from the beads. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledger, bead } = await locateEpic(await openBeads(app, input), input);
  const found = swarmProgress(await readSwarmWork(ledger, bead));
  return {
    data: {
      epic_id: bead.id,
      epic_title: bead.title,
      total_issues: found.total,
      completed: found.completed.map((child) => issueOf(child)),
      active: found.active.map((child) => issueOf(child)),
      ready: found.ready.map((child) => issueOf(child)),
      blocked: found.blocked.map(({ bead: child, blockedBy }) => issueOf(child, blockedBy)),
      progress_percent: found.percent,
      active_count: found.active.length,
      ready_count: found.ready.length,
      blocked_count: found.blocked.length,
    },
    text: () => statusText(app, bead, found),
  };
}

function issueOf(bead: Bead, blockedBy: readonly string[] = []): z.output<typeof issue> {
  return {
    id: bead.id,
    title: bead.title,
    ...(bead.assignee === '' ? {} : { assignee: bead.assignee }),
    ...(blockedBy.length === 0 ? {} : { blocked_by: [...blockedBy] }),
    ...(bead.closedAt === undefined ? {} : { closed_at: bead.closedAt.slice(0, 16).replace('T', ' ') }),
  };
}

function statusText({ output }: AppContext, epic: Bead, found: SwarmProgress): string {
  const paint = output.style;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
  const line = (bead: Bead, note = '') =>
    beadLine(bead, output, { before: '  ', after: note === '' ? '' : `  (${note})` });
  if (found.total === 0)
    return `${epic.id} has no children. bd create "Title" --parent ${epic.id} makes one.`;
  return [
    `${epic.id}  ${paint.bold(oneLine(epic.title, Infinity))}`,
    `${progressBar(found.completed.length, found.total)} ${found.completed.length} of ${found.total} closed`,
    ...section('In work', found.active.map((bead) => line(bead, oneLine(bead.assignee)))),
    ...section('Ready', found.ready.map((bead) => line(bead))),
    ...section('Blocked', found.blocked.map(({ bead, blockedBy }) => line(bead, `waits for ${blockedBy.join(', ')}`))),
    ...section('Closed', found.completed.map((bead) => line(bead))),
  ].join('\n'); // prettier-ignore
}
