import { beadsById } from '../../beads/read/by-id.ts';
import type { LedgerTx, NewBead, NewGraph } from '../../beads/types.ts';
import { MAX_HASH, candidateIds } from '../../beads/words/ids.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Blueprint, BlueprintNode } from './blueprint.ts';
import { PROTO_LABEL } from './proto.ts';

export interface InstantiateOptions {
  readonly keep: 'issue' | 'wisp';
  /** Only the root becomes a row. */
  readonly rootOnly?: boolean;
  /** Of the root. */
  readonly assignee?: string;
  readonly owner?: string;
  /** A chosen id of the root, checked by the caller. */
  readonly rootId?: string;
  /** Stored to be poured later. */
  readonly isProto?: boolean;
}

export interface Instantiated {
  readonly rootId: string;
  /** Blueprint key → bead id. */
  readonly ids: ReadonlyMap<string, string>;
}

export interface IdSource {
  readonly clock: Clock;
  readonly random: Random;
}

/** Ids have at most three levels; deeper steps count on below the third. */
const MAX_DOTS = 3;

/** Writes a blueprint as rows: all of it or nothing, in the caller's transaction. */
export async function instantiate(
  tx: LedgerTx,
  blueprint: Blueprint,
  options: InstantiateOptions & { readonly source: IdSource },
): Promise<Instantiated> {
  const [root] = blueprint.nodes;
  const nodes = options.rootOnly === true ? blueprint.nodes.slice(0, 1) : blueprint.nodes;
  const rootId = options.rootId ?? (await freeRootId(tx, root?.bead.title ?? '', options));
  const ids = options.isProto === true ? protoIds(nodes, rootId) : stepIds(nodes, rootId);
  await tx.createGraph(graphOf({ ...blueprint, nodes }, ids, options));
  return { rootId, ids };
}

function graphOf(
  blueprint: Blueprint,
  ids: ReadonlyMap<string, string>,
  options: InstantiateOptions,
): NewGraph {
  const idOf = (key: string) => ids.get(key) ?? '';
  return {
    beads: blueprint.nodes.map(({ key, parent, bead }) => ({
      ...bead,
      id: idOf(key),
      keep: options.keep,
      ...(options.isProto === true ? { isTemplate: true } : {}),
      ...(parent === undefined ? rootFields(bead, options) : {}),
      ...(options.owner === undefined ? {} : { owner: options.owner }),
    })),
    edges: [
      ...blueprint.nodes.flatMap(({ key, parent }) =>
        parent === undefined
          ? []
          : [{ from: idOf(key), to: idOf(parent), type: 'parent-child', metadata: '{}' }],
      ),
      ...blueprint.edges
        .filter((edge) => ids.has(edge.from) && ids.has(edge.to))
        .map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) })),
    ],
  };
}

function rootFields(bead: BlueprintNode['bead'], options: InstantiateOptions): Partial<NewBead> {
  return {
    ...(options.assignee === undefined ? {} : { assignee: options.assignee }),
    ...(options.isProto === true ? { labels: [...(bead.labels ?? []), PROTO_LABEL] } : {}),
  };
}

/** `<prefix>-mol-<hash>` or `<prefix>-wisp-<hash>`, not taken yet. */
async function freeRootId(
  tx: LedgerTx,
  title: string,
  { keep, source }: InstantiateOptions & { readonly source: IdSource },
): Promise<string> {
  const stem = `${tx.prefix}-${keep === 'wisp' ? 'wisp' : 'mol'}-`;
  const seed = {
    title,
    description: source.random.uuid(),
    actor: '',
    createdNs: BigInt(source.clock.now()) * 1_000_000n,
  };
  for (let length = 3; length <= MAX_HASH; length += 1) {
    const candidates = candidateIds(stem, seed, length);
    const taken = await beadsById(tx, candidates);
    const free = candidates.find((id) => !taken.has(id));
    if (free !== undefined) return free;
  }
  throw new RefusedError({ code: 'bead.no-free-id', message: `no free id below ${stem}` });
}

/** `<root>.1`, `<root>.2`, `<root>.2.1` … */
function stepIds(nodes: readonly BlueprintNode[], rootId: string): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const last = new Map<string, number>();
  for (const { key, parent } of nodes) {
    if (parent === undefined) {
      ids.set(key, rootId);
      continue;
    }
    const stem = roomBelow(ids.get(parent) ?? rootId);
    const next = (last.get(stem) ?? 0) + 1;
    last.set(stem, next);
    ids.set(key, `${stem}.${next}`);
  }
  return ids;
}

function roomBelow(id: string): string {
  const parts = id.split('.');
  return parts.length <= MAX_DOTS ? id : parts.slice(0, MAX_DOTS).join('.');
}

/** A proto's ids say what they are: `<root>.<step>`. */
function protoIds(nodes: readonly BlueprintNode[], rootId: string): ReadonlyMap<string, string> {
  const [root] = nodes;
  const name = root?.key ?? '';
  return new Map(nodes.map(({ key }) => [key, rootId + key.slice(name.length)] as const));
}

const REF = /^[A-Za-z0-9_.-]+$/;

/** `<parent>.<ref>`: the id of a molecule bonded by name. Throws UsageError `molecule.bad-ref`. */
export function bondedId(parent: string, ref: string): string {
  if (REF.test(ref)) return `${parent}.${ref}`;
  throw new UsageError({
    code: 'molecule.bad-ref',
    message: `${JSON.stringify(ref.slice(0, 60))} cannot be part of an id`,
    hint: 'Use letters, digits, dash, underscore and dot',
  });
}
