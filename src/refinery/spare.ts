import { buildChain } from './build-chain.ts';
import type { Engine } from './engine.ts';
import type { History } from './history.ts';
import type { Look } from './look.ts';
import type { PinnedRequest } from './chain-order.ts';
import { waitingGroups } from './groups.ts';
import type { ChainLink } from './lane.ts';
import { linksOf } from './place.ts';
import type { Probe } from './round.ts';

/**
 * While a suspect is confirmed, idle slots prove the chain as it will be without it: when it is sent back, that
 * chain is built again with the same trees, and their proofs are there already.
 */
export async function spareProbes(
  engine: Engine,
  facts: {
    readonly look: Look;
    readonly history: History;
    /** Links of the chain, next to each other. */
    readonly suspects: readonly ChainLink[];
    /** Lengths of the prefixes to prove; none = no slot is idle. */
    readonly positions: readonly number[];
  },
): Promise<readonly Probe[]> {
  const { look, history, suspects, positions } = facts;
  const { chain } = engine.lane.record;
  const [link] = suspects;
  if (positions.length === 0 || link === undefined) return [];
  const { candidates, standing } = look.survey;
  const isSuspect = ({ mr }: PinnedRequest): boolean => suspects.some((each) => each.mr === mr.id);
  const others = candidates.filter((pinned) => !isSuspect(pinned));
  const apart = [...standing, ...candidates.filter(isSuspect)];
  const placements = await buildChain(engine, {
    history,
    candidates: others,
    standing: apart,
    chain: chain.slice(0, chain.indexOf(link)),
    waiting: await waitingGroups(engine, { candidates: others, standing: apart }),
  });
  const links = linksOf(placements);
  const lengths = new Set(positions.map((position) => Math.min(position, links.length)));
  return [...lengths].flatMap((length) => {
    const candidate = links[length - 1];
    if (candidate === undefined) return [];
    const mrs = links.slice(0, length).map((one) => one.mr);
    return [{ candidate, mrs, line: 'spare', alone: false } as const];
  });
}
