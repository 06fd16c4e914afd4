import * as z from 'zod/mini';
import { planRetention, readRetentionFacts, runRetention } from '../../../beads/retention.ts';
import { counted } from '../../../core/text.ts';
import { titled, onLedger } from '../handlers.ts';
import { refuseReadOnly } from '../write.ts';

export const schema = z.object({
  cleaned_ids: z.array(z.string()),
  cleaned_count: z.number(),
  candidates: z.optional(z.number()),
  dry_run: z.optional(z.boolean()),
});

const HOUR_MS = 3_600_000;

/** Removes wisps that are closed for a while and that nothing names. Shows them only, until --force (P23). */
export const run = onLedger(async ({ app, input, beads, home, actor }) => {
  const request = {
    closedForMs: input.bool('closed') ? 0 : (input.duration('age') ?? HOUR_MS),
    notTypes: input.list('exclude-type'),
    others: await beads.ledgers.all(),
    now: app.machine.clock.now(),
  };
  const isDone = input.bool('force') && !input.bool('dry-run');
  if (isDone) refuseReadOnly(input);
  const plan = isDone
    ? await runRetention(home, await actor(), request)
    : planRetention(await readRetentionFacts({ ...request, ledger: home }), request);
  const ids = plan.remove.map((bead) => bead.id);
  const lines = plan.remove.map((bead) => `  ${titled(bead)}`);
  return {
    data: {
      cleaned_ids: ids,
      cleaned_count: isDone ? ids.length : 0,
      ...(isDone || ids.length === 0 ? {} : { candidates: ids.length }),
      ...(isDone ? {} : { dry_run: true }),
    },
    text:
      ids.length === 0
        ? 'No wisp may go: what is open, fresh, protected or named by another bead stays.'
        : [
            `${isDone ? 'Removed' : 'Would remove'} ${counted(ids.length, 'wisp')}:`,
            ...lines,
            ...(isDone ? [] : ['', 'Add --force to do it.']),
          ].join('\n'),
  };
});
