import { listGates } from '../../../beads/gates/gates.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { gateLine } from '../../../ui/text/gates.ts';
import { onLedger } from '../handlers.ts';

export { issuesSchema as schema } from '../schema.ts';

export const run = onLedger(async ({ input, home }) => {
  const gates = await listGates(home, { all: input.bool('all'), limit: input.number('limit') ?? 0 });
  const held = await home.edgesTo(gates.map((gate) => gate.id));
  const lines = gates.map((gate) =>
    gateLine(
      gate,
      held.filter((edge) => edge.to === gate.id && edge.type === 'blocks').map((edge) => edge.from),
    ),
  );
  return {
    data: gates.map(issueJson),
    text:
      gates.length === 0 ? 'No gates' : [...lines, '', 'Open one by hand: bd gate resolve <id>'].join('\n'),
  };
});
