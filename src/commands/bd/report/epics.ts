import * as z from 'zod/mini';
import type { EpicProgress } from '../../../beads/read/epics.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine, counted } from '../../../core/text.ts';
import { beadMark, paintState, beadLine } from '../../../ui/text/beads.ts';
import { progressBar } from '../../../ui/text/progress-bar.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { forEachId, replyWith } from '../each.ts';
import { onLedger } from '../handlers.ts';
import { issueSchema } from '../schema.ts';

const epicSchema = z.object({
  epic: issueSchema,
  total_children: z.number(),
  closed_children: z.number(),
  eligible_for_close: z.boolean(),
});

/** Open epics and how many of their children are closed. */
export const status: CommandModule = {
  schema: z.array(epicSchema),
  run: onLedger(async ({ app, input, home }) => {
    const epics = (await home.epics()).filter((epic) => isDone(epic) || !input.bool('eligible-only'));
    return { data: epics.map(epicJson), text: () => epicTable(app, epics) };
  }),
};

function isDone({ total, closed }: EpicProgress): boolean {
  return total === closed;
}

function epicJson(progress: EpicProgress): Record<string, unknown> {
  return {
    // Without labels, as bd prints it.
    epic: issueJson({ ...progress.epic, labels: [] }),
    total_children: progress.total,
    closed_children: progress.closed,
    eligible_for_close: isDone(progress),
  };
}

function epicTable({ output }: AppContext, epics: readonly EpicProgress[]): string {
  if (epics.length === 0) return 'No open epic has children. bd create "Title" --parent <epic> makes one.';
  const paint = output.style;
  const table = renderTable<EpicProgress>(
    [
      {
        title: 'Epic',
        value: ({ epic }) => beadMark(epic),
        paint: (cell, { epic }) => paintState(cell, epic, paint),
      },
      {
        title: 'Closed',
        value: ({ closed, total }) => `${progressBar(closed, total)} ${closed}/${total}`,
        paint: (cell, progress) => (isDone(progress) ? paint.green(cell) : cell),
      },
      { title: 'Title', value: ({ epic }) => oneLine(epic.title, Infinity), flexible: true },
    ],
    epics,
    output,
  );
  const done = epics.filter(isDone).length;
  return done === 0 ? table : `${table}\n\n${done} can be closed: bd epic close-eligible`;
}

/** Closes the epics whose children are all closed. */
export const closeEligible: CommandModule = {
  schema: z.union([z.array(epicSchema), z.object({ closed: z.array(z.string()), count: z.number() })]),
  run: onLedger(async ({ app, input, home, write }) => {
    const done = (await home.epics()).filter(isDone);
    if (done.length === 0)
      return {
        data: [],
        text: 'No epic has all its children closed. bd epic status shows how far they are.',
      };
    if (input.bool('dry-run')) {
      const lines = done.map(({ epic }) => beadLine(epic, app.output, { before: '  ' }));
      return {
        data: done.map(epicJson),
        text: [`Would close ${counted(done.length, 'epic')}:`, ...lines].join('\n'),
      };
    }
    const ids = done.map(({ epic }) => epic.id);
    const outcome = await forEachId(ids, (id) =>
      write(`close ${id}`, (tx) => tx.close(id, { reason: 'All children completed' })),
    );
    return replyWith(app, outcome, (closed) => ({
      data: { closed: closed.map((epic) => epic.id), count: closed.length },
      text: closed.map((epic) => beadLine(epic, app.output, { before: 'Closed ' })).join('\n'),
    }));
  }),
};
