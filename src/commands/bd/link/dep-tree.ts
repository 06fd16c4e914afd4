import * as z from 'zod/mini';
import { readTree, type TreeNode } from '../../../beads/graphs/tree.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { mermaidTree, treeText } from '../../../ui/text/bead-tree.ts';
import { onLedger } from '../handlers.ts';
import { knownStatuses } from '../known-words.ts';

export const schema = z.array(
  z.looseObject({ id: z.string(), depth: z.number(), parent_id: z.string(), truncated: z.boolean() }),
);

/** A bead and all it depends on, all that depends on it (--direction up), or both. */
export const run = onLedger(async ({ app, input, locate }) => {
  const { ledger, bead } = await locate(input.arg('bead'));
  const status = input.flag('status');
  const wanted = status === undefined ? undefined : (await knownStatuses(ledger, [status]))[0];
  const trees = await Promise.all(
    directionsOf(input).map(async (direction) => {
      const nodes = await readTree(ledger, bead, {
        direction,
        maxDepth: input.number('max-depth') ?? 50,
        allPaths: input.bool('show-all-paths'),
      });
      return { direction, nodes: wanted === undefined ? nodes : withStatus(nodes, wanted) };
    }),
  );
  const nodes = trees.flatMap((tree, index) => (index === 0 ? tree.nodes : tree.nodes.slice(1)));
  return {
    data: nodes.map(nodeJson),
    text: () =>
      input.flag('format') === 'mermaid'
        ? mermaidTree(nodes)
        : trees.map((tree) => treeText(tree, app.output)).join('\n\n'),
  };
});

function directionsOf(input: CommandInput): readonly ('down' | 'up')[] {
  const direction = input.flag('direction') ?? (input.bool('reverse') ? 'up' : 'down');
  if (direction === 'both') return ['down', 'up'];
  return [direction === 'up' ? 'up' : 'down'];
}

/** The nodes of a status and those on the way to them. */
function withStatus(nodes: readonly TreeNode[], status: string): readonly TreeNode[] {
  const kept: TreeNode[] = [];
  // From the end: what is above a kept node comes before it and has the next smaller depth.
  let above = -1;
  for (const node of nodes.toReversed()) {
    if (node.bead.status !== status && node.depth !== above) continue;
    kept.push(node);
    above = node.depth - 1;
  }
  return kept.reverse();
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
