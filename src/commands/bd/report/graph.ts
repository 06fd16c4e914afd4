import * as z from 'zod/mini';
import { layersOf, readGraph, readOpenGraphs, type BeadGraph } from '../../../beads/graphs/graph.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { UsageError } from '../../../core/errors.ts';
import { dotGraph, graphText } from '../../../ui/text/bead-graph.ts';
import { onLedger } from '../handlers.ts';
import { issueSchema, issuesSchema, edgeSchema } from '../schema.ts';
import { edgeJson } from '../views.ts';

const nodeSchema = z.object({
  Issue: issueSchema,
  Layer: z.number(),
  Position: z.number(),
  DependsOn: z.nullable(z.array(z.string())),
});
const oneSchema = z.object({
  root: issueSchema,
  issues: issuesSchema,
  layout: z.object({
    Nodes: z.record(z.string(), nodeSchema),
    Layers: z.array(z.array(z.string())),
    MaxLayer: z.number(),
    RootID: z.string(),
  }),
});
export const schema = z.union([
  oneSchema,
  z.array(z.object({ Root: issueSchema, Issues: issuesSchema, Dependencies: z.array(edgeSchema) })),
]);

/** A bead with all that it is connected with, or with --all all open work, in the order in which it can be done. */
export const run = onLedger(async ({ app, input, home, locate }) => {
  const typed = input.arg('bead');
  if ((typed === '') !== input.bool('all')) {
    throw new UsageError({
      code: 'beads.no-ids',
      message: typed === '' ? 'no bead is named' : 'a bead and --all exclude each other',
      hint: 'Run: bd graph <id>, or bd graph --all',
    });
  }
  const draw = input.bool('dot') ? dotGraph : graphText;
  if (typed === '') {
    const graphs = await readOpenGraphs(home);
    return {
      data: graphs.map(allJson),
      text: () => draw(graphs, app.output) || 'No open beads. bd create "Title" makes one.',
    };
  }
  const { ledger, bead } = await locate(typed);
  const graph = await readGraph(ledger, bead);
  return { data: graphJson(graph), text: () => draw([graph], app.output) };
});

function allJson({ root, beads, edges }: BeadGraph) {
  return { Root: issueJson(root), Issues: beads.map(issueJson), Dependencies: edges.map(edgeJson) };
}

function graphJson(graph: BeadGraph): unknown {
  const layers = layersOf(graph);
  const places = new Map(
    layers.flatMap((ids, Layer) => ids.map((id, Position) => [id, { Layer, Position }] as const)),
  );
  const blockers = Map.groupBy(
    graph.edges.filter((edge) => edge.type === 'blocks'),
    (edge) => edge.from,
  );
  const nodes = graph.beads.map((bead) => [
    bead.id,
    {
      Issue: issueJson(bead),
      ...places.get(bead.id),
      DependsOn: blockers.get(bead.id)?.map((edge) => edge.to) ?? null,
    },
  ]);
  return {
    root: issueJson(graph.root),
    issues: graph.beads.map(issueJson),
    layout: {
      Nodes: Object.fromEntries(nodes),
      Layers: layers,
      MaxLayer: layers.length - 1,
      RootID: graph.root.id,
    },
  };
}
