import { asGate } from '../../../beads/gates/gates.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export { issueSchema as schema } from '../schema.ts';

/** A person's word counts more than what the gate waits for. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('gate'));
  const gate = asGate(bead);
  const write = await openWrite(app, input, beads);
  const reason = input.flag('reason') ?? '';
  const closed = await write(ledger, `close ${gate.id}`, (tx) => tx.close(gate.id, { reason, force: true }));
  return { data: issueJson(closed), text: `Gate resolved: ${gate.id}` };
}
