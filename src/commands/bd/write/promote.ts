import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { RefusedError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { beadMark } from '../../../ui/text/beads.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export { issueSchema as schema } from '../schema.ts';

/** Makes a wisp a lasting issue; its id stays. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('bead'));
  if (bead.table === 'issues') {
    throw new RefusedError({
      code: 'beads.not-a-wisp',
      message: `${bead.id} is not a wisp (already persistent)`,
    });
  }
  const reason = input.flag('reason') ?? '';
  const write = await openWrite(app, input, beads);
  const issue = await write(ledger, `promote ${bead.id}`, async (tx) => {
    const moved = await tx.move(bead.id, 'issue');
    await tx.comment(bead.id, `Promoted from wisp to permanent bead${reason === '' ? '' : `: ${reason}`}`);
    return moved;
  });
  return { data: issueJson(issue), text: `Promoted ${beadMark(issue)}  ${oneLine(issue.title)}` };
}
