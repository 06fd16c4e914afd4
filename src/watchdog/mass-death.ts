import type { SessionName } from '../core/names.ts';
import type { MassDeathMemory } from './memory.ts';
import type { WorkerFacts } from './worker-facts.ts';

export interface MassDeathRule {
  /** Deaths within this many ms belong together. */
  readonly windowMs: number;
  /** How many make a mass death. */
  readonly threshold: number;
}

export interface MassDeath {
  /** Unix ms of the last one. */
  readonly at: number;
  readonly sessions: ReadonlySet<SessionName>;
}

/** Restarts wait this long after a mass death: tmux, disk or memory may be the cause. */
export const MASS_DEATH_HOLD_MS = 60_000;

/**
 * The newest group of agents that died together, or undefined. Its members failed because of the machine (a
 * killed tmux server, memory gone, a reboot), so their deaths count against no bead.
 */
export function findMassDeath(workers: readonly WorkerFacts[], rule: MassDeathRule): MassDeath | undefined {
  const deaths = workers
    .flatMap(({ verdict, seen, session }) =>
      verdict.state === 'dead' && seen.kind === 'ended' && !seen.asked ? [{ at: seen.at, session }] : [],
    )
    .sort((a, b) => b.at - a.at);
  for (const [index, newest] of deaths.entries()) {
    const together = deaths.slice(index).filter((death) => newest.at - death.at <= rule.windowMs);
    if (together.length >= rule.threshold) {
      return { at: newest.at, sessions: new Set(together.map((death) => death.session)) };
    }
  }
  return undefined;
}

/** A machine that kills its agents again and again is a permanent failure: then deaths count like any other. */
const FORGIVEN_AGAIN_MS = 3_600_000;

/** What to remember once a mass death was seen. */
export function rememberMassDeath(
  before: MassDeathMemory | undefined,
  death: MassDeath | undefined,
): MassDeathMemory | undefined {
  if (death === undefined || death.at === before?.announced) return before;
  const isForgiven = before === undefined || death.at - before.forgiven >= FORGIVEN_AGAIN_MS;
  return { announced: death.at, forgiven: isForgiven ? death.at : before.forgiven };
}
