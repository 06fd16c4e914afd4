import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { commentJson } from '../views.ts';
import { openWrite } from '../write.ts';
import { readTextFile } from '../texts.ts';

export { commentSchema as schema } from '../schema.ts';

/** `comment <id> <text>`, or the text from a file or standard input. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('bead'));
  const file = input.bool('stdin') ? '-' : input.flag('file');
  const text = file === undefined ? input.args('text').join(' ') : await readTextFile(app, file);
  const write = await openWrite(app, input, beads);
  const comment = await write(ledger, `comment ${bead.id}`, (tx) => tx.comment(bead.id, text));
  return { data: commentJson(comment), text: `Comment added to ${bead.id}` };
}
