import * as z from 'zod/mini';
import type { Bead } from '../../../beads/types.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
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
});

const OLD_MS = 24 * 3_600_000;

/** The wisps that are open (--all: closed ones too), last changed first. */
export const run = onLedger(async ({ app, input, home }) => {
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
});

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
