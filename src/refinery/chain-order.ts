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
 * pass. A merge request always comes after those it is stacked on, and a group stands together.
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
  const unitOf = (pinned: PinnedRequest): readonly PinnedRequest[] => {
    const { group } = pinned.mr;
    return group === undefined ? [pinned] : order.filter(({ mr }) => mr.group === group);
  };
  const place = (pinned: PinnedRequest): void => {
    if (placed.has(pinned.mr.id)) return;
    const unit = unitOf(pinned);
    for (const { mr } of unit) placed.add(mr.id);
    for (const { mr } of unit) {
      for (const id of dependencies.get(mr.id) ?? []) {
        const before = byId.get(id);
        if (before !== undefined) place(before);
      }
    }
    result.push(...(unit.length === 1 ? unit : stackedOrder(unit, dependencies)));
  };
  for (const pinned of order) place(pinned);
  return result;
}

/** Within a group too what is stacked on another one comes after it. */
function stackedOrder(
  unit: readonly PinnedRequest[],
  dependencies: OrderFacts['dependencies'],
): readonly PinnedRequest[] {
  const alone = unit.map(({ mr, head }) => ({ mr: { ...mr, group: undefined }, head }));
  const order = afterDependencies(alone, dependencies);
  return order.flatMap(({ mr }) => unit.find((pinned) => pinned.mr.id === mr.id) ?? []);
}
