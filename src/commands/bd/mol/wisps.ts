import * as z from 'zod/mini';
import { planRetention, readRetentionFacts, runRetention } from '../../../beads/retention.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { counted } from '../../../core/text.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { onLedger, titled } from '../handlers.ts';
import { refuseReadOnly } from '../write.ts';

const OLD_MS = 24 * 3_600_000;

/** The wisps that are open (--all: closed ones too), last changed first. */
export const list: CommandModule = {
  schema: z.object({
    wisps: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        status: z.string(),
        priority: z.number(),
        type: z.string(),
        labels: z.optional(z.array(z.string())),
        created_at: z.string(),
        updated_at: z.string(),
        old: z.optional(z.boolean()),
      }),
    ),
    count: z.number(),
    old_count: z.optional(z.number()),
  }),
  run: onLedger(async ({ app, input, home }) => {
    const type = input.flag('type');
    const wisps = await home.list({
      tables: ['wisps'],
      order: 'updated',
      ...(input.bool('all') ? {} : { notStatus: ['closed'] }),
      ...(type === undefined ? {} : { type: [type] }),
    });
    const shown = wisps.filter((bead) => bead.ephemeral);
    const now = app.machine.clock.now();
    const isOld = (bead: Bead) => now - Date.parse(bead.updatedAt) > OLD_MS;
    const old = shown.filter(isOld).length;
    return {
      data: {
        wisps: shown.map((bead) => wispJson(bead, isOld(bead))),
        count: shown.length,
        ...(old === 0 ? {} : { old_count: old }),
      },
      text: () =>
        [
          renderBeadTable(shown, app.output, { nothing: 'No wisps found', noun: 'wisp' }),
          ...(old === 0 ? [] : [`${old} of them unchanged for a day. See what may go: bd mol wisp gc`]),
        ].join('\n'),
    };
  }),
};

function wispJson(bead: Bead, isOld: boolean) {
  return {
    id: bead.id,
    title: bead.title,
    status: bead.status,
    priority: bead.priority,
    type: bead.type,
    ...(bead.labels.length === 0 ? {} : { labels: bead.labels }),
    created_at: bead.createdAt,
    updated_at: bead.updatedAt,
    ...(isOld ? { old: true } : {}),
  };
}

const HOUR_MS = 3_600_000;

/** Removes wisps that are closed for a while and that nothing names. Shows them only, until --force (P23). */
export const collect: CommandModule = {
  schema: z.object({
    cleaned_ids: z.array(z.string()),
    cleaned_count: z.number(),
    candidates: z.optional(z.number()),
    dry_run: z.optional(z.boolean()),
  }),
  run: onLedger(async ({ app, input, beads, home, actor }) => {
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
  }),
};
