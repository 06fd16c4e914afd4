/** What became of merge requests lately; both counts fade, so a bad day is forgotten in about fifty outcomes. */
export interface Outcomes {
  readonly landed: number;
  readonly evicted: number;
}

export const NO_OUTCOMES: Outcomes = { landed: 0, evicted: 0 };

const FADE = 0.98;
/** Before anything is known: one bad change in twenty. */
const PRIOR_EVICTED = 1;
const PRIOR_TOTAL = 20;

export function addOutcomes(known: Outcomes, landed: number, evicted: number): Outcomes {
  const keep = FADE ** (landed + evicted);
  return { landed: known.landed * keep + landed, evicted: known.evicted * keep + evicted };
}

/** Estimated share of merge requests that are sent back, 0 < p < 1. */
export function evictionRate({ landed, evicted }: Outcomes): number {
  return (PRIOR_EVICTED + evicted) / (PRIOR_TOTAL + landed + evicted);
}

/**
 * How many changes to prove in one gate run: the power of two next to ln 2 / p, where a run is red about
 * every second time and so tells most.
 */
export function batchSize(known: Outcomes, max: number): number {
  const wanted = 2 ** Math.round(Math.log2(Math.LN2 / evictionRate(known)));
  return Math.max(1, Math.min(wanted, max));
}
