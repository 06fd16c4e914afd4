import { asGate } from '../../../beads/gates/gates.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { onBead } from '../handlers.ts';

export { issueSchema as schema } from '../schema.ts';

/** A person's word counts more than what the gate waits for. */
export const run = onBead('gate', async ({ bead, input, write }) => {
  const gate = asGate(bead);
  const reason = input.flag('reason') ?? '';
  const closed = await write(`close ${gate.id}`, (tx) => tx.close(gate.id, { reason, force: true }));
  return { data: issueJson(closed), text: `Gate resolved: ${gate.id}` };
});
