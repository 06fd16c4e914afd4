import * as z from 'zod/mini';
import { issueJson } from '../../beads/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import { readTree } from '../../beads/tree.ts';
import type { TreeNode } from '../../beads/tree.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from '../../ui/text/beads.ts';
import { openBeads } from './open.ts';

export const schema = z.array(
  z.looseObject({ id: z.string(), depth: z.number(), parent_id: z.string(), truncated: z.boolean() }),
);

/** A bead and all it depends on, or with --reverse all that depends on it; each bead once. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { ledger, bead } = await locateBead(ledgers, home, input.arg('bead'));
  const isReverse = input.bool('reverse') || input.flag('direction') === 'up';
  const nodes = await readTree(ledger, bead, {
    direction: isReverse ? 'up' : 'down',
    maxDepth: input.number('max-depth') ?? 50,
  });
  return { data: nodes.map(nodeJson), text: nodes.map(nodeLine).join('\n') };
}

function nodeJson(node: TreeNode): Record<string, unknown> {
  return {
    ...issueJson(node.bead),
    depth: node.depth,
    parent_id: node.parent ?? '',
    ...(node.edge === undefined ? {} : { edge_from_parent: node.edge }),
    truncated: node.isTruncated,
  };
}

function nodeLine(node: TreeNode): string {
  const indent = '  '.repeat(node.depth);
  const edge = node.edge === undefined ? '' : `  (${node.edge})`;
  return `${indent}${beadMark(node.bead)}  ${oneLine(node.bead.title)}${edge}${node.isTruncated ? ' …' : ''}`;
}
