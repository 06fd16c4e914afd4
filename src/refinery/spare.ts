import { buildChain } from './build-chain.ts';
import type { Engine } from './engine.ts';
import type { History } from './history.ts';
import type { Look } from './look.ts';
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
    /** Chain position of the suspect. */
    readonly suspect: number;
    /** Lengths of the prefixes to prove; none = no slot is idle. */
    readonly positions: readonly number[];
  },
): Promise<readonly Probe[]> {
  const { look, history, suspect, positions } = facts;
  const { chain } = engine.lane.record;
  const link = chain[suspect - 1];
  if (positions.length === 0 || link === undefined) return [];
  const { candidates, standing } = look.survey;
  const isSuspect = ({ mr }: (typeof candidates)[number]): boolean => mr.id === link.mr;
  const placements = await buildChain(engine, {
    history,
    candidates: candidates.filter((pinned) => !isSuspect(pinned)),
    standing: [...standing, ...candidates.filter(isSuspect)],
    chain: chain.slice(0, suspect - 1),
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
