import * as z from 'zod/mini';
import type { Bead } from '../../../beads/types.ts';
import type { CommandReply, CommandModule } from '../../../cli/command.ts';
import { counted } from '../../../core/text.ts';
import { checkMolecule, burnMolecule } from '../../../formulas/molecule/burn.ts';
import { progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { digestText, squashMolecule } from '../../../formulas/molecule/squash.ts';
import { forEachId, replyWith } from '../each.ts';
import { onBead, onLedger, titled, type OnLedger } from '../handlers.ts';
import { dryRunSchema } from './molecule-replies.ts';

/** Turns a molecule into one closed digest and closes its root. */
export const squash: CommandModule = {
  schema: z.union([
    dryRunSchema,
    z.object({
      molecule_id: z.string(),
      digest_id: z.optional(z.string()),
      squashed_ids: z.array(z.string()),
      squashed_count: z.number(),
      deleted_count: z.number(),
      kept_children: z.boolean(),
      wisp_squash: z.boolean(),
    }),
  ]),
  run: onBead('molecule', async ({ input, ledger, bead, write }) => {
    checkMolecule(bead);
    if (input.bool('dry-run')) {
      const progress = progressOf(await readMolecule(ledger, bead));
      const going = progress.steps.filter((step) => step.bead.ephemeral).length;
      return {
        data: { dry_run: true, deleted_count: going, digest: digestText(progress) },
        text: `Would write this digest, delete ${going} wisps and close ${bead.id}:\n\n${digestText(progress)}`,
      };
    }
    const summary = input.flag('summary');
    const keepChildren = input.bool('keep-children');
    const squashed = await write(`squash molecule ${bead.id}`, (tx) =>
      squashMolecule(tx, bead.id, {
        digest: 'issue',
        keepChildren,
        ...(summary === undefined ? {} : { summary }),
      }),
    );
    const { progress, digestId, squashedIds, deletedCount } = squashed;
    return {
      data: {
        molecule_id: bead.id,
        ...(digestId === undefined ? {} : { digest_id: digestId }),
        squashed_ids: squashedIds,
        squashed_count: squashedIds.length,
        deleted_count: deletedCount,
        kept_children: keepChildren,
        wisp_squash: bead.ephemeral,
      },
      text: [
        `Squashed ${bead.id} (${progress.completed} of ${progress.total} steps done) into ${digestId ?? 'nothing'}`,
        ...(deletedCount > 0 ? [`Deleted ${deletedCount} wisps`] : []),
      ].join('\n'),
    };
  }),
};

const burned = z.object({
  molecule_id: z.string(),
  deleted_ids: z.array(z.string()),
  deleted_count: z.number(),
});

/** Deletes molecules without a digest. People see first what would go; --force and --json do it. */
export const burn: CommandModule = {
  schema: z.union([
    dryRunSchema,
    burned,
    z.object({ results: z.array(burned), total_deleted: z.number(), failed_count: z.number() }),
  ]),
  run: onLedger(async ({ app, input, locate, writer }) => {
    const ids = input.args('molecule');
    const isMeant = input.bool('force') || input.bool('yes') || input.json;
    if (input.bool('dry-run') || !isMeant) return preview(locate, ids);
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
  }),
};

async function preview(locate: OnLedger['locate'], ids: readonly string[]): Promise<CommandReply> {
  const going: Bead[] = [];
  for (const typed of ids) {
    const { ledger, bead } = await locate(typed);
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
