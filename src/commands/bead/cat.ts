import { issueJson } from '../../beads/write/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { issueSchema } from '../bd/schema.ts';

export const schema = issueSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers } = await app.town();
  const { bead } = await locateBead(ledgers, await ledgers.hq(), input.arg('bead'));
  const parts = [bead.title, bead.description, bead.design, bead.acceptanceCriteria, bead.notes];
  return {
    data: issueJson(bead),
    text: printable(parts.filter((part) => part !== '').join('\n\n')),
  };
}
