import { parseNewEdge, type NewEdge } from '../../../beads/plans/new-edges.ts';
import type { CommandInput } from '../../../cli/command.ts';

/** --deps and --waits-for. */
export function readNewEdges(input: CommandInput): readonly NewEdge[] {
  const other = input.flag('waits-for');
  const gate = input.flag('waits-for-gate');
  const metadata = gate === undefined ? {} : { metadata: JSON.stringify({ gate }) };
  const waits =
    other === undefined ? [] : [{ direction: 'from-new' as const, other, type: 'waits-for', ...metadata }];
  return [...input.list('deps').map(parseNewEdge), ...waits];
}
