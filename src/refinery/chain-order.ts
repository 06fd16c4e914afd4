import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Sha } from '../core/names.ts';
import type { ChainLink } from './lane.ts';
import { byScore } from './score.ts';

/** A merge request with the head to land, which its row may not name yet. */
export interface PinnedRequest {
  readonly mr: MergeRequest;
  readonly head: Sha;
}

export interface OrderFacts {
  /** Merge requests that may be in the chain. */
  readonly candidates: readonly PinnedRequest[];
  /** The chain as it is. */
  readonly chain: readonly ChainLink[];
  /** Id → ids it must follow (others than candidates are left out). */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The order to land in: what is in the chain keeps its place (its proofs stay valid), new ones follow by score,
 * and only a new P0 goes in front. A merge request always comes after those it is stacked on.
 */
export function orderChain(facts: OrderFacts): readonly PinnedRequest[] {
  const { candidates, chain, now } = facts;
  const kept = chain.flatMap(
    (link) => candidates.find(({ mr, head }) => mr.id === link.mr && head === link.head) ?? [],
  );
  const compare = byScore(now);
  const added = candidates
    .filter((pinned) => !kept.includes(pinned))
    .sort((left, right) => compare(left.mr, right.mr));
  const urgent = added.filter(({ mr }) => mr.bead.priority === 0);
  const normal = added.filter(({ mr }) => mr.bead.priority !== 0);
  return afterDependencies([...urgent, ...kept, ...normal], facts.dependencies);
}

function afterDependencies(
  order: readonly PinnedRequest[],
  dependencies: OrderFacts['dependencies'],
): readonly PinnedRequest[] {
  const byId = new Map(order.map((pinned) => [pinned.mr.id as string, pinned]));
  const placed = new Set<string>();
  const result: PinnedRequest[] = [];
  const place = (pinned: PinnedRequest): void => {
    if (placed.has(pinned.mr.id)) return;
    placed.add(pinned.mr.id);
    for (const id of dependencies.get(pinned.mr.id) ?? []) {
      const before = byId.get(id);
      if (before !== undefined) place(before);
    }
    result.push(pinned);
  };
  for (const pinned of order) place(pinned);
  return result;
}
