import * as z from 'zod/mini';
import { setAgentState } from '../../../beads/forms/agent-slots.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.object({ agent: z.string(), agent_state: z.string(), last_activity: z.string() });

export const run = onBead('agent', async ({ app, bead, input, write }) => {
  const state = input.arg('state');
  const now = `${new Date(app.machine.clock.now()).toISOString().slice(0, 19)}Z`;
  await write(`update ${bead.id}`, (tx) => setAgentState(tx, bead.id, { state, now }));
  return { data: { agent: bead.id, agent_state: state, last_activity: now }, text: `${bead.id} is ${state}` };
});
