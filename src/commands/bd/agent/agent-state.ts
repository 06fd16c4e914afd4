import * as z from 'zod/mini';
import { setAgentState } from '../../../beads/forms/agent-slots.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({ agent: z.string(), agent_state: z.string(), last_activity: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('agent'));
  const state = input.arg('state');
  const now = `${new Date(app.machine.clock.now()).toISOString().slice(0, 19)}Z`;
  const write = await openWrite(app, input, beads);
  await write(ledger, `update ${bead.id}`, (tx) => setAgentState(tx, bead.id, { state, now }));
  return { data: { agent: bead.id, agent_state: state, last_activity: now }, text: `${bead.id} is ${state}` };
}
