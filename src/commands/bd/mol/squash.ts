import * as z from 'zod/mini';
import { checkMolecule } from '../../../formulas/molecule/burn.ts';
import { progressOf } from '../../../formulas/molecule/progress.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { digestText, squashMolecule } from '../../../formulas/molecule/squash.ts';
import { onLedger } from '../handlers.ts';
import { dryRunSchema } from './molecule-replies.ts';

export const schema = z.union([
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
]);

/** Turns a molecule into one closed digest and closes its root. */
export const run = onLedger(async ({ input, locate, writer }) => {
  const { ledger, bead } = await locate(input.arg('molecule'));
  checkMolecule(bead);
  if (input.bool('dry-run')) {
    const progress = progressOf(await readMolecule(ledger, bead));
    const going = progress.steps.filter((step) => step.bead.ephemeral).length;
    return {
      data: { dry_run: true, deleted_count: going, digest: digestText(progress) },
      text: `Would write this digest, delete ${going} wisps and close ${bead.id}:\n\n${digestText(progress)}`,
    };
  }
  const write = await writer();
  const summary = input.flag('summary');
  const keepChildren = input.bool('keep-children');
  const squashed = await write(ledger, `squash molecule ${bead.id}`, (tx) =>
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
});
