import * as z from 'zod/mini';
import { beadsById } from '../../../beads/read/by-id.ts';
import type { Bead, Edge, Ledger } from '../../../beads/types.ts';
import { oneLine } from '../../../core/text.ts';
import { linkLine } from '../../../ui/text/bead-page.ts';
import { onLedger } from '../handlers.ts';
import { edgeSchema, issuesSchema } from '../schema.ts';
import { edgeJson, linkedJson } from '../views.ts';

export const schema = z.union([issuesSchema, z.array(edgeSchema)]);

/** What a bead depends on (--direction up: what depends on it); of several beads the raw edges. */
export const run = onLedger(async ({ app, input, locate }) => {
  const found = await Promise.all(input.args('bead').map((typed) => locate(typed)));
  const isUp = input.flag('direction') === 'up';
  const groups = await Promise.all(
    found.map(async ({ ledger, bead }) => ({
      ledger,
      bead,
      edges: await edgesOf(ledger, { id: bead.id, isUp, type: input.flag('type') }),
    })),
  );
  if (groups.length > 1) {
    const edges = groups.flatMap((group) => group.edges);
    return { data: edges.map(edgeJson), text: edges.map(edgeLine).join('\n') || 'No dependencies.' };
  }
  const [group] = groups;
  if (group === undefined) return { data: [], text: 'No dependencies.' };
  const linked = await readEnds(group.ledger, group.edges, isUp);
  return {
    data: linked.flatMap(({ bead, edge }) => (bead === undefined ? [] : [linkedJson(bead, edge.type)])),
    text:
      linked
        .map(({ id, edge, bead }) => linkLine({ id: edge.stored ?? id, type: edge.type, bead }, app.output))
        .join('\n') || `${group.bead.id} ${isUp ? 'has no dependents' : 'depends on nothing'}.`,
  };
});

async function edgesOf(
  ledger: Ledger,
  { id, isUp, type }: { readonly id: string; readonly isUp: boolean; readonly type: string | undefined },
): Promise<readonly Edge[]> {
  const edges = isUp ? await ledger.edgesTo([id]) : await ledger.edgesFrom([id]);
  return type === undefined ? edges : edges.filter((edge) => edge.type === type);
}

interface Linked {
  readonly id: string;
  readonly edge: Edge;
  readonly bead: Bead | undefined;
}

async function readEnds(ledger: Ledger, edges: readonly Edge[], isUp: boolean): Promise<readonly Linked[]> {
  const ends = edges.map((edge) => ({ id: isUp ? edge.from : edge.to, edge }));
  const beads = await beadsById(
    ledger,
    ends.map(({ id }) => id),
  );
  return ends.map((end) => ({ ...end, bead: beads.get(end.id) }));
}

function edgeLine(edge: Edge): string {
  return `${edge.from} → ${oneLine(edge.stored ?? edge.to)}  (${oneLine(edge.type)})`;
}
