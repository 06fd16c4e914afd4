import { asGate } from '../../../beads/gates/gates.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { renderGate } from '../../../ui/text/gates.ts';
import { onBead } from '../handlers.ts';

export { issueSchema as schema } from '../schema.ts';

export const run = onBead('gate', async ({ bead, ledger }) => {
  const gate = asGate(bead);
  const held = (await ledger.edgesTo([gate.id])).filter((edge) => edge.type === 'blocks');
  return {
    data: issueJson(gate),
    text: renderGate(
      gate,
      held.map((edge) => edge.from),
    ),
  };
});
