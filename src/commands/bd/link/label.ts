import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { forEachId, replyWith } from '../each.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const changeSchema = z.array(
  z.object({ issue_id: z.string(), label: z.string(), status: z.enum(['added', 'removed']) }),
);

/** `label add|remove <id>... <label>`: the last word is the label. */
export async function changeLabel(
  app: AppContext,
  input: CommandInput,
  status: 'added' | 'removed',
): Promise<CommandReply> {
  const ids = input.args('ids-and-label').slice(0, -1);
  const label = input.args('ids-and-label').at(-1);
  if (ids.length === 0 || label === undefined) {
    throw new UsageError({
      code: 'beads.no-label',
      message: 'a bead and a label are needed',
      hint: `Run: bd label ${status === 'added' ? 'add' : 'remove'} <id> <label>`,
    });
  }
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const outcome = await forEachId(ids, async (typed) => {
    const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
    await write(ledger, `label ${bead.id}`, (tx) =>
      status === 'added' ? tx.addLabel(bead.id, label) : tx.removeLabel(bead.id, label),
    );
    return { issue_id: bead.id, label, status };
  });
  return replyWith(app, outcome, (done) => ({
    data: done,
    text: done.map((change) => `Label ${change.label} ${status}: ${change.issue_id}`).join('\n'),
  }));
}
