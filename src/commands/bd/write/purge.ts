import * as z from 'zod/mini';
import { planRetention, readRetentionFacts, retain, type RetentionPlan } from '../../../beads/retention.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandReply } from '../../../cli/command.ts';
import { counted } from '../../../core/text.ts';
import { matchesGlob } from '../../../formulas/glob.ts';
import { beadMark } from '../../../ui/text/beads.ts';
import { titled, onLedger } from '../handlers.ts';

export const schema = z.union([
  z.object({ purged_count: z.number(), dependencies: z.number(), labels: z.number(), events: z.number() }),
  z.object({ dry_run: z.literal(true), purge_count: z.number(), ids: z.array(z.string()) }),
]);

/** Deletes closed wisps that nothing needs or names; without --force it only lists them. */
export const run = onLedger(async ({ app, input, beads, home, write }) => {
  const others = (await beads.ledgers.all()).filter(({ database }) => database !== home.database);
  const pattern = input.flag('pattern');
  const rules = {
    closedForMs: input.duration('older-than') ?? 0,
    ...(pattern === undefined ? {} : { only: (bead: Bead) => matchesGlob(pattern, bead.id) }),
  };
  const request = { ...rules, others, now: app.machine.clock.now() };
  if (input.bool('dry-run') || !input.bool('force')) {
    return previewOf(planRetention(await readRetentionFacts({ ...request, ledger: home }), rules));
  }
  const { deletion } = await write('purge', (tx) => retain(tx, request));
  return {
    data: {
      purged_count: deletion?.deleted.length ?? 0,
      dependencies: deletion?.edges ?? 0,
      labels: deletion?.labels ?? 0,
      events: deletion?.events ?? 0,
    },
    text:
      deletion === undefined
        ? 'No closed wisp to purge'
        : `Purged ${counted(deletion.deleted.length, 'closed wisp')} with ${counted(deletion.edges, 'dependency edge')}`,
  };
});

function previewOf({ remove, kept }: RetentionPlan): CommandReply {
  const stay = kept.filter(({ why }) => why !== 'not asked for' && why !== 'recent');
  return {
    data: { dry_run: true, purge_count: remove.length, ids: remove.map((bead) => bead.id) },
    text: [
      remove.length === 0 ? 'No closed wisp to purge' : 'Would purge:',
      ...remove.map((bead) => `  ${titled(bead)}`),
      ...(stay.length === 0 ? [] : ['Stay:']),
      ...stay.map(({ bead, why }) => `  ${beadMark(bead)}  ${why}`),
      ...(remove.length === 0
        ? []
        : [`${counted(remove.length, 'wisp')}. Nothing was changed: --force deletes.`]),
    ].join('\n'),
  };
}
