import type { Bead, LedgerTx } from '../../beads/types.ts';
import type { BondType } from './bond-types.ts';
import type { Blueprint } from './blueprint.ts';
import { bondedId, instantiate, type IdSource, type Instantiated } from './instantiate.ts';

/** Something to bond: a bead that is there, or a blueprint that becomes one first. */
export type Operand =
  | { readonly kind: 'bead'; readonly bead: Bead }
  | { readonly kind: 'blueprint'; readonly blueprint: Blueprint; readonly proto?: Bead };

export interface BondRequest {
  readonly first: Operand;
  readonly second: Operand;
  readonly type: BondType;
  /** Gives what is spawned the id `<other>.<ref>`. */
  readonly ref?: string;
  /** Where spawned rows go; absent = where the other operand is. */
  readonly keep?: 'issue' | 'wisp';
  /** Title of a compound proto. */
  readonly title?: string;
  readonly source: IdSource;
}

export interface Bonded {
  readonly resultId: string;
  readonly resultType: 'compound_molecule' | 'compound_proto';
  readonly type: BondType;
  readonly spawned: readonly Instantiated[];
}

const EDGES = { sequential: 'blocks', conditional: 'conditional-blocks', parallel: 'parent-child' } as const;

/** Bonds two: the second comes after the first (sequential, conditional) or belongs to it (parallel). */
export async function bond(tx: LedgerTx, request: BondRequest): Promise<Bonded> {
  const { first, second, type } = request;
  if (first.kind === 'blueprint' && second.kind === 'blueprint') {
    if (first.proto !== undefined && second.proto !== undefined) {
      return bondProtos(tx, request, [first.proto, second.proto]);
    }
    const one = await spawn(tx, request, { blueprint: first.blueprint });
    const two = await spawn(tx, request, { blueprint: second.blueprint });
    await connect(tx, { before: one.rootId, after: two.rootId, type });
    return { resultId: one.rootId, resultType: 'compound_molecule', type, spawned: [one, two] };
  }
  if (first.kind === 'bead' && second.kind === 'bead') {
    await connect(tx, { before: first.bead.id, after: second.bead.id, type });
    return { resultId: first.bead.id, resultType: 'compound_molecule', type, spawned: [] };
  }
  return bondSpawned(tx, request);
}

/** One of two is spawned. In parallel it always hangs below the one that was there: that one leads. */
async function bondSpawned(tx: LedgerTx, request: BondRequest): Promise<Bonded> {
  const { first, second, type } = request;
  const [bead, blueprint] =
    first.kind === 'bead'
      ? [first.bead, second.kind === 'blueprint' ? second.blueprint : undefined]
      : [second.kind === 'bead' ? second.bead : undefined, first.blueprint];
  if (bead === undefined || blueprint === undefined) throw new TypeError('one bead and one blueprint');
  const made = await spawn(tx, request, { blueprint, other: bead });
  const isAfter = type === 'parallel' || first.kind === 'bead';
  await connect(tx, {
    before: isAfter ? bead.id : made.rootId,
    after: isAfter ? made.rootId : bead.id,
    type,
  });
  return { resultId: bead.id, resultType: 'compound_molecule', type, spawned: [made] };
}

async function spawn(
  tx: LedgerTx,
  request: BondRequest,
  { blueprint, other }: { readonly blueprint: Blueprint; readonly other?: Bead },
): Promise<Instantiated> {
  const keep =
    request.keep ??
    (other?.ephemeral === true || (other === undefined && blueprint.phase === 'vapor') ? 'wisp' : 'issue');
  const rootId =
    request.ref === undefined || other === undefined ? undefined : bondedId(other.id, request.ref);
  return instantiate(tx, blueprint, {
    keep,
    source: request.source,
    ...(rootId === undefined ? {} : { rootId }),
  });
}

async function connect(
  tx: LedgerTx,
  { before, after, type }: { readonly before: string; readonly after: string; readonly type: BondType },
): Promise<void> {
  await tx.addEdge({ from: after, to: before, type: EDGES[type] });
  if (type === 'parallel') await holdWaiters(tx, { spawner: before, child: after });
}

/** Steps that wait for all children of the spawner now wait for this one too. */
async function holdWaiters(
  tx: LedgerTx,
  { spawner, child }: { readonly spawner: string; readonly child: string },
): Promise<void> {
  const waiting = (await tx.edgesTo([spawner]))
    .filter((edge) => edge.type === 'blocks')
    .map((edge) => edge.from);
  if (waiting.length === 0) return;
  for (const waiter of await tx.list({ ids: waiting, labels: ['gate:all-children'] })) {
    await tx.addEdge({ from: waiter.id, to: child, type: 'blocks' });
  }
}

/** Two stored protos become one that holds both. */
async function bondProtos(
  tx: LedgerTx,
  request: BondRequest,
  [first, second]: readonly [Bead, Bead],
): Promise<Bonded> {
  const { source, type } = request;
  const title = (request.title ?? `Compound: ${first.title} + ${second.title}`).slice(0, 500);
  const description = `Holds ${first.id} and ${second.id}`;
  const compound = {
    name: title,
    nodes: [
      {
        key: title,
        parent: undefined,
        bead: { title, description, type: 'epic', priority: Math.min(first.priority, second.priority) },
      },
    ],
    edges: [],
    phase: undefined,
    pour: true,
    warnings: [],
  };
  const { rootId } = await instantiate(tx, compound, { keep: 'issue', isProto: true, source });
  for (const proto of [first, second]) await tx.addEdge({ from: proto.id, to: rootId, type: 'parent-child' });
  if (type !== 'parallel') await tx.addEdge({ from: second.id, to: first.id, type: EDGES[type] });
  return { resultId: rootId, resultType: 'compound_proto', type, spawned: [] };
}
