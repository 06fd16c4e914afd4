import { asGate } from '../../../beads/gates/gates.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { renderGate } from '../../../ui/text/gates.ts';
import { openBeads } from '../open.ts';

export { issueSchema as schema } from '../schema.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('gate'));
  const gate = asGate(bead);
  const held = (await ledger.edgesTo([gate.id])).filter((edge) => edge.type === 'blocks');
  return {
    data: issueJson(gate),
    text: renderGate(
      gate,
      held.map((edge) => edge.from),
    ),
  };
}
