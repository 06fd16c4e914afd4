import * as z from 'zod/mini';
import type { CommandModule } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { printable } from '../../../core/text.ts';
import { forEachId, replyWith } from '../each.ts';
import { onBead, onLedger } from '../handlers.ts';

export const list: CommandModule = {
  schema: z.array(z.string()),
  run: onBead('bead', ({ bead }) => ({
    data: bead.labels,
    text: bead.labels.length === 0 ? `${bead.id} has no labels.` : printable(bead.labels.join('\n')),
  })),
};

export const add = changed('added');
export const remove = changed('removed');

/** `label add|remove <id>... <label>`: the last word is the label. */
function changed(status: 'added' | 'removed'): CommandModule {
  return {
    schema: z.array(
      z.object({ issue_id: z.string(), label: z.string(), status: z.enum(['added', 'removed']) }),
    ),
    run: onLedger(async ({ app, input, locate, writer }) => {
      const ids = input.args('ids-and-label').slice(0, -1);
      const label = input.args('ids-and-label').at(-1);
      if (ids.length === 0 || label === undefined) {
        throw new UsageError({
          code: 'beads.no-label',
          message: 'a bead and a label are needed',
          hint: `Run: bd label ${status === 'added' ? 'add' : 'remove'} <id> <label>`,
        });
      }
      const write = await writer();
      const outcome = await forEachId(ids, async (typed) => {
        const { ledger, bead } = await locate(typed);
        await write(ledger, `label ${bead.id}`, (tx) =>
          status === 'added' ? tx.addLabel(bead.id, label) : tx.removeLabel(bead.id, label),
        );
        return { issue_id: bead.id, label, status };
      });
      return replyWith(app, outcome, (done) => ({
        data: done,
        text: done.map((change) => `Label ${change.label} ${status}: ${change.issue_id}`).join('\n'),
      }));
    }),
  };
}
