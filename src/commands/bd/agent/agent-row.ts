import * as z from 'zod/mini';
import { asAgent, setAgentState, setSlot, slotsOf } from '../../../beads/forms/agent-slots.ts';
import type { CommandModule, CommandReply } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { onBead, type OnBead } from '../handlers.ts';

/* What the row of an agent says: its state, its hook and its role. */

export const state: CommandModule = {
  schema: z.object({ agent: z.string(), agent_state: z.string(), last_activity: z.string() }),
  run: onBead('agent', async ({ app, bead, input, write }) => {
    const name = input.arg('state');
    const now = `${new Date(app.machine.clock.now()).toISOString().slice(0, 19)}Z`;
    await write(`update ${bead.id}`, (tx) => setAgentState(tx, bead.id, { state: name, now }));
    return { data: { agent: bead.id, agent_state: name, last_activity: now }, text: `${bead.id} is ${name}` };
  }),
};

const held = z.nullable(z.string());
const slotSchema = z.object({ agent: z.string(), slot: z.string(), bead: held });

export const slots: CommandModule = {
  schema: z.object({ agent: z.string(), slots: z.object({ hook: held, role: held }) }),
  run: onBead('agent', ({ bead }) => {
    const { id } = asAgent(bead);
    const { hook, role } = slotsOf(bead);
    return {
      data: { agent: id, slots: { hook: hook ?? null, role: role ?? null } },
      text: `${id}\n  hook: ${hook ?? '-'}\n  role: ${role ?? '-'}`,
    };
  }),
};

export const fillSlot: CommandModule = {
  schema: slotSchema,
  run: onBead('agent', async (on) => writeSlot(on, (await on.locate(on.input.arg('bead'))).bead.id)),
};

export const clearSlot: CommandModule = {
  schema: slotSchema,
  run: onBead('agent', (on) => writeSlot(on, undefined)),
};

async function writeSlot({ bead: agent, input, write }: OnBead, bead?: string): Promise<CommandReply> {
  const slot = input.arg('slot');
  if (slot !== 'hook' && slot !== 'role') {
    throw new UsageError({
      code: 'agent.bad-slot',
      message: `'${slot.slice(0, 40)}' is no slot of an agent`,
      hint: 'One of: hook, role',
    });
  }
  await write(`update ${agent.id}`, (tx) => setSlot(tx, agent.id, { slot, bead }));
  return {
    data: { agent: agent.id, slot, bead: bead ?? null },
    text: bead === undefined ? `Cleared ${slot} of ${agent.id}` : `Set ${slot} of ${agent.id} to ${bead}`,
  };
}
