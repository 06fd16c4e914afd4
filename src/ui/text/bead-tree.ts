import type { TreeNode } from '../../beads/graphs/tree.ts';
import { oneLine } from '../../core/text.ts';
import { beadLine, beadState, type Canvas } from './beads.ts';
import { treeLines } from './tree-lines.ts';

interface Tree {
  readonly direction: 'down' | 'up';
  readonly nodes: readonly TreeNode[];
}

/** The tree with its branches; edges that are no plain `blocks` are named. */
export function treeText({ direction, nodes }: Tree, canvas: Canvas): string {
  const lines = treeLines(nodes.map((node) => ({ item: node, depth: node.depth }))).map(
    ({ item, prefix }) => {
      const edge = item.edge === undefined || item.edge === 'blocks' ? '' : `  (${oneLine(item.edge)})`;
      return beadLine(item.bead, canvas, { before: prefix, after: edge + (item.isTruncated ? ' …' : '') });
    },
  );
  if (nodes.length > 1) return lines.join('\n');
  return [
    ...lines,
    canvas.style.dim(direction === 'up' ? '  nothing depends on it' : '  depends on nothing'),
  ].join('\n');
}

/** The tree as a Mermaid flow chart. Node names are numbers: ids hold characters that Mermaid reads otherwise. */
export function mermaidTree(nodes: readonly TreeNode[]): string {
  const names = new Map(
    [...new Set(nodes.map(({ bead }) => bead.id as string))].map((id, index) => [id, `n${index}`]),
  );
  const shown = new Map(nodes.map(({ bead }) => [bead.id as string, bead]));
  return [
    'flowchart TD',
    ...[...shown].map(
      ([id, bead]) =>
        `  ${names.get(id)}["${oneLine(`${id}: ${bead.title} (${beadState(bead)})`, 120).replaceAll('"', '#quot;')}"]`,
    ),
    ...nodes.flatMap(({ bead, parent }) =>
      parent === undefined ? [] : [`  ${names.get(parent)} --> ${names.get(bead.id)}`],
    ),
  ].join('\n');
}
