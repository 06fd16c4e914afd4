import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { beadMark } from '../../../ui/text/beads.ts';
import { forEachId, replyWith } from '../each.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Opens closed beads again; the reason becomes a comment. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const outcome = await forEachId(input.args('id'), async (typed) => {
    const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
    return write(ledger, `reopen ${bead.id}`, (tx) => tx.reopen(bead.id, input.flag('reason')));
  });
  return replyWith(app, outcome, (done) => ({
    data: done.map(issueJson),
    text: done.map((bead) => `Reopened ${beadMark(bead)}  ${oneLine(bead.title)}`).join('\n'),
  }));
}
