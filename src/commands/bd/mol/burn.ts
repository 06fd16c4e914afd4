import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandReply } from '../../../cli/command.ts';
import { counted } from '../../../core/text.ts';
import { burnMolecule, checkMolecule } from '../../../formulas/molecule/burn.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { forEachId, replyWith } from '../each.ts';
import { dryRunSchema } from './molecule-replies.ts';
import { titled, onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';

const burned = z.object({
  molecule_id: z.string(),
  deleted_ids: z.array(z.string()),
  deleted_count: z.number(),
});
export const schema = z.union([
  dryRunSchema,
  burned,
  z.object({ results: z.array(burned), total_deleted: z.number(), failed_count: z.number() }),
]);

/** Deletes molecules without a digest. People see first what would go; --force and --json do it. */
export const run = onLedger(async ({ app, input, beads, locate, writer }) => {
  const ids = input.args('molecule');
  const isMeant = input.bool('force') || input.bool('yes') || input.json;
  if (input.bool('dry-run') || !isMeant) return preview(beads, ids);
  const write = await writer();
  const outcome = await forEachId(ids, async (typed) => {
    const { ledger, bead } = await locate(typed);
    const deleted = await write(ledger, `burn molecule ${bead.id}`, (tx) => burnMolecule(tx, bead.id));
    return { molecule_id: bead.id, deleted_ids: deleted, deleted_count: deleted.length };
  });
  return replyWith(app, outcome, (done) => ({
    data:
      ids.length === 1
        ? done[0]
        : {
            results: done,
            total_deleted: done.reduce((sum, one) => sum + one.deleted_count, 0),
            failed_count: outcome.failures.length,
          },
    text: done.map((one) => `Burned ${one.molecule_id}: ${counted(one.deleted_count, 'bead')}`).join('\n'),
  }));
});

async function preview(beads: BdHome, ids: readonly string[]): Promise<CommandReply> {
  const going: Bead[] = [];
  for (const typed of ids) {
    const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
    checkMolecule(bead);
    const { steps } = await readMolecule(ledger, bead);
    going.push(bead, ...steps);
  }
  return {
    data: { dry_run: true, would_delete: going.map((bead) => bead.id) },
    text: [
      `Would delete ${counted(going.length, 'bead')} for good:`,
      ...going.map((one) => `  ${titled(one)}`),
      '',
      'Add --force to do it.',
    ].join('\n'),
  };
}
