import { layersOf, type BeadGraph } from '../../beads/graphs/graph.ts';
import { oneLine } from '../../core/text.ts';
import { beadLine, beadState, type Canvas } from './beads.ts';

/** Layer below layer: what is in one can be done side by side, when those above are done. */
export function graphText(graphs: readonly BeadGraph[], canvas: Canvas): string {
  const single = graphs.filter(({ beads }) => beads.length === 1).map(({ root }) => root);
  const connected = graphs.filter(({ beads }) => beads.length > 1 || graphs.length === 1);
  const alone = ['On their own', ...single.map((bead) => beadLine(bead, canvas, { before: '  ' }))];
  return [
    ...connected.map((graph) => oneGraph(graph, canvas)),
    ...(single.length > 0 && graphs.length > 1 ? [alone.join('\n')] : []),
  ].join('\n\n');
}

function oneGraph(graph: BeadGraph, canvas: Canvas): string {
  const beads = new Map<string, BeadGraph['root']>(graph.beads.map((bead) => [bead.id, bead]));
  const edges = Map.groupBy(graph.edges, (edge) => edge.from);
  const targets = (id: string, word: string, test: (type: string) => boolean): readonly string[] => {
    const ids = (edges.get(id) ?? []).filter(({ type }) => test(type)).map(({ to }) => to);
    return ids.length === 0 ? [] : [`${word} ${ids.join(', ')}`];
  };
  const lineOf = (id: string): readonly string[] => {
    const bead = beads.get(id);
    if (bead === undefined) return [];
    const notes = [
      ...targets(id, 'after', (type) => /blocks$|^waits-for$/.test(type)),
      ...targets(id, 'part of', (type) => type === 'parent-child'),
      ...targets(id, 'see', (type) => !/blocks$|^waits-for$|^parent-child$/.test(type)),
    ];
    return [
      beadLine(bead, canvas, { before: '  ', after: notes.length === 0 ? '' : `  (${notes.join('; ')})` }),
    ];
  };
  const layers = layersOf(graph).filter((ids) => ids.length > 0);
  return layers
    .flatMap((ids, index) => [
      canvas.style.bold(index === 0 ? 'First' : `Then (${index + 1})`),
      ...ids.flatMap(lineOf),
    ])
    .join('\n');
}

const FILLS: Readonly<Record<string, string>> = {
  open: 'white',
  in_progress: 'lightyellow',
  hooked: 'lightyellow',
  blocked: 'mistyrose',
  closed: 'palegreen',
};

/** The graphs in Graphviz' language: an arrow leads from a bead to what waits for it, a dotted one to its children. */
export function dotGraph(graphs: readonly BeadGraph[]): string {
  const quoted = (text: string) => JSON.stringify(oneLine(text, Infinity));
  const lines = graphs.flatMap(({ beads, edges }) => [
    ...beads.map(
      (bead) =>
        `  ${quoted(bead.id)} [label=${quoted(`${bead.id}: ${oneLine(bead.title, 60)}`)}, fillcolor=${FILLS[beadState(bead)] ?? 'lightgrey'}];`,
    ),
    ...edges.map(
      ({ from, to, type }) =>
        `  ${quoted(to)} -> ${quoted(from)}${type === 'blocks' ? '' : ` [style=dotted, tooltip=${quoted(type)}]`};`,
    ),
  ]);
  return [
    'digraph beads {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled"];',
    ...lines,
    '}',
  ].join('\n');
}
