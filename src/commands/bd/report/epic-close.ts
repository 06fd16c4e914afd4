import * as z from 'zod/mini';
import { counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { forEachId, replyWith } from '../each.ts';
import { onLedger } from '../handlers.ts';
import { epicJson, epicSchema, isDone } from './epic-status.ts';

export const schema = z.union([
  z.array(epicSchema),
  z.object({ closed: z.array(z.string()), count: z.number() }),
]);

/** Closes the epics whose children are all closed. */
export const run = onLedger(async ({ app, input, home, write }) => {
  const done = (await home.epics()).filter(isDone);
  if (done.length === 0)
    return { data: [], text: 'No epic has all its children closed. bd epic status shows how far they are.' };
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
});
