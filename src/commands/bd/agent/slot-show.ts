import * as z from 'zod/mini';
import { asAgent, slotsOf } from '../../../beads/forms/agent-slots.ts';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';

const slot = z.nullable(z.string());
export const schema = z.object({ agent: z.string(), slots: z.object({ hook: slot, role: slot }) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const agent = asAgent((await locateBead(beads.ledgers, beads.home, input.arg('agent'))).bead);
  const { hook, role } = slotsOf(agent);
  return {
    data: { agent: agent.id, slots: { hook: hook ?? null, role: role ?? null } },
    text: `${agent.id}\n  hook: ${hook ?? '-'}\n  role: ${role ?? '-'}`,
  };
}
