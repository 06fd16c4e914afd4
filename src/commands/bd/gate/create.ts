import { createGate } from '../../../beads/gates/gates.ts';
import { GATE_TYPES } from '../../../beads/gates/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { gateLine } from '../../../ui/text/gates.ts';
import { readOwner } from '../author.ts';
import { onLedger } from '../handlers.ts';

export { issueSchema as schema } from '../schema.ts';

/** Makes a gate in the database of the bead that it holds back. */
export const run = onLedger(async ({ app, input, locate, writer }) => {
  const { ledger, bead } = await locate(input.flag('blocks') ?? '');
  const write = await writer();
  const owner = await readOwner(app);
  const gate = await write(ledger, `create gate blocking ${bead.id}`, (tx) =>
    createGate(tx, {
      blocks: bead,
      type: GATE_TYPES.find((type) => type === input.flag('type')) ?? 'human',
      awaitId: input.flag('await-id') ?? '',
      timeoutMs: input.duration('timeout') ?? 0,
      reason: input.flag('reason') ?? '',
      owner,
    }),
  );
  return {
    data: issueJson(gate),
    text: `Created ${gateLine(gate, [bead.id])}\nOpen it by hand: bd gate resolve ${gate.id}`,
  };
});
