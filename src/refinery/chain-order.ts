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
  /** So many of the chain's first links have passed their gates: they land before anything else. */
  readonly proven: number;
  /** Ids that others have been let past often enough. */
  readonly patient: ReadonlySet<string>;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The order to land in: what is in the chain keeps its place (its proofs stay valid), new ones follow by score,
 * and only a new P0 goes in front: behind what is proven, behind other P0s, and behind those that have let too many
 * pass. A merge request always comes after those it is stacked on.
 */
export function orderChain(facts: OrderFacts): readonly PinnedRequest[] {
  const { candidates, chain, now } = facts;
  const keptOf = (links: readonly ChainLink[]): readonly PinnedRequest[] =>
    links.flatMap((link) => candidates.find(({ mr, head }) => mr.id === link.mr && head === link.head) ?? []);
  const proven = keptOf(chain.slice(0, facts.proven));
  const kept = keptOf(chain);
  const compare = byScore(now);
  const added = candidates
    .filter((pinned) => !kept.includes(pinned))
    .sort((left, right) => compare(left.mr, right.mr));
  const isPatient = ({ mr }: PinnedRequest): boolean => facts.patient.has(mr.id);
  const isUrgent = ({ mr }: PinnedRequest): boolean => mr.bead.priority === 0;
  const all = [...kept, ...added];
  const order = new Set([...proven, ...all.filter(isPatient), ...all.filter(isUrgent), ...all]);
  return afterDependencies([...order], facts.dependencies);
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
