import * as z from 'zod/mini';
import {
  readSwarmWork,
  swarmProgress,
  analyseSwarm,
  epicOf,
  type SwarmProgress,
  type SwarmAnalysis,
  type SwarmWork,
} from '../../../beads/graphs/swarm.ts';
import type { LocatedBead } from '../../../beads/locate.ts';
import type { Bead, Ledger } from '../../../beads/types.ts';
import type { CommandModule } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine, counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { progressBar } from '../../../ui/text/progress-bar.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { onLedger, type OnLedger } from '../handlers.ts';
import { analysisJson, nodesJson, analysisSchema } from './swarm-json.ts';

const issue = z.object({
  id: z.string(),
  title: z.string(),
  assignee: z.optional(z.string()),
  blocked_by: z.optional(z.array(z.string())),
  closed_at: z.optional(z.string()),
});

/** What of an epic is done, in work, ready and blocked; all of it read from the beads. */
export const status: CommandModule = {
  schema: z.object({
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
  }),
  run: onLedger(async (on) => {
    const { ledger, bead } = await locateEpic(on);
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
      text: () => statusText(on.app, bead, found),
    };
  }),
};

/** The epic that is named, or whose swarm is. Throws UsageError `beads.no-epic` for any other bead. */
async function locateEpic({ input, locate }: OnLedger): Promise<LocatedBead> {
  const { ledger, bead } = await locate(input.arg('bead'));
  const epic = await epicOf(ledger, bead);
  if (epic !== undefined && (epic.type === 'epic' || epic.type === 'molecule')) return { ledger, bead: epic };
  throw new UsageError({
    code: 'beads.no-epic',
    message: `${bead.id} is a ${bead.type}, not an epic or molecule`,
    hint: 'Run: bd epic status',
  });
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

/** Can the children of an epic be worked on side by side? Exit 1 when they cannot. */
export const validate: CommandModule = {
  schema: analysisSchema,
  run: onLedger(async (on) => {
    const { ledger, bead } = await locateEpic(on);
    const work = await readSwarmWork(ledger, bead);
    const analysis = analyseSwarm(work);
    return {
      data: {
        ...analysisJson(work, analysis),
        ...(on.input.bool('verbose') ? { issues: nodesJson(work, analysis) } : {}),
      },
      text: () => analysisText(on.app, work, analysis),
      exitCode: analysis.errors.length === 0 ? 0 : 1,
    };
  }),
};

function analysisText({ output }: AppContext, work: SwarmWork, analysis: SwarmAnalysis): string {
  const paint = output.style;
  const beads = new Map(work.children.map((child) => [child.id as string, child]));
  const waves = analysis.waves.flatMap((ids, wave) => [
    '',
    paint.bold(`Wave ${wave + 1}`) + paint.dim(`  ${ids.length} side by side`),
    ...ids.flatMap((id) => {
      const bead = beads.get(id);
      return bead === undefined ? [] : [beadLine(bead, output, { before: '  ' })];
    }),
  ]);
  const verdict =
    analysis.errors.length > 0
      ? paint.red('Cannot be worked on: remove a dependency from each circle (bd dep remove)')
      : `${counted(work.children.length, 'bead')} in ${counted(analysis.waves.length, 'wave')}, at most ${analysis.maxParallelism} at the same time`;
  return [
    `${work.epic.id}  ${paint.bold(oneLine(work.epic.title, Infinity))}`,
    ...waves,
    '',
    ...analysis.warnings.map((line) => paint.yellow(`! ${oneLine(line, Infinity)}`)),
    ...analysis.errors.map((line) => paint.red(`✗ ${line}`)),
    verdict,
  ].join('\n');
}

const item = z.object({
  id: z.string(),
  title: z.string(),
  epic_id: z.string(),
  epic_title: z.string(),
  status: z.string(),
  coordinator: z.string(),
  total_issues: z.number(),
  completed_issues: z.number(),
  active_issues: z.number(),
  progress_percent: z.number(),
});
type SwarmItem = z.output<typeof item>;

/** All swarm molecules, each with how far its epic is. */
export const list: CommandModule = {
  schema: z.object({ swarms: z.array(item) }),
  run: onLedger(async ({ app, home }) => {
    const swarms = await home.list({ molType: 'swarm' });
    const items = await Promise.all(swarms.map((swarm) => readItem(home, swarm)));
    return { data: { swarms: items }, text: () => tableOf(app, items) };
  }),
};

async function readItem(home: Ledger, swarm: Bead): Promise<SwarmItem> {
  const epic = await epicOf(home, swarm);
  const progress = epic === undefined ? undefined : swarmProgress(await readSwarmWork(home, epic));
  return {
    id: swarm.id,
    title: swarm.title,
    epic_id: epic?.id ?? '',
    epic_title: epic?.title ?? '',
    status: swarm.status,
    coordinator: swarm.assignee,
    total_issues: progress?.total ?? 0,
    completed_issues: progress?.completed.length ?? 0,
    active_issues: progress?.active.length ?? 0,
    progress_percent: progress?.percent ?? 0,
  };
}

function tableOf({ output }: AppContext, items: readonly SwarmItem[]): string {
  if (items.length === 0) return 'There is no swarm. bd swarm create <epic> makes one.';
  return renderTable<SwarmItem>(
    [
      { title: 'Swarm', value: ({ id }) => id },
      { title: 'Epic', value: ({ epic_id }) => epic_id || '-' },
      {
        title: 'Closed',
        value: ({ completed_issues: done, total_issues: total }) =>
          `${progressBar(done, total)} ${done}/${total}`,
      },
      { title: 'In work', value: ({ active_issues }) => String(active_issues), align: 'right' },
      { title: 'Title', value: ({ title }) => oneLine(title, Infinity), flexible: true },
      { title: 'Coordinator', value: ({ coordinator }) => oneLine(coordinator) || '-' },
    ],
    items,
    output,
  );
}
