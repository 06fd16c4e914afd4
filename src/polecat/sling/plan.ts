import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { GtError } from '../../core/errors.ts';
import type { SlingFacts } from './facts.ts';
import { refusalOf } from './guards.ts';
import { mergeTerms } from './options.ts';

/** What slinging one bead will do. */
export type SlingPlan =
  | { readonly do: 'refuse'; readonly error: GtError }
  /** The named worker has it already and is alive. */
  | { readonly do: 'nothing'; readonly on: string }
  | { readonly do: 'queue'; readonly why: string; readonly terms: SlingTerms }
  | {
      readonly do: 'dispatch';
      readonly terms: SlingTerms;
      /** The holder that must give it up first. */
      readonly takeFrom: AgentAddress | undefined;
    };

/** F1: what to do with one bead. Pure; nothing was changed to find out. */
export function planSling(facts: SlingFacts): SlingPlan {
  const { holder, worker, options } = facts;
  if (holder.kind === 'held' && holder.life === 'live' && isNamedTarget(holder.agent, worker)) {
    return { do: 'nothing', on: holder.by };
  }
  const error = refusalOf(facts);
  if (error !== undefined) return { do: 'refuse', error };
  const terms = mergeTerms(options, { queued: facts.queued, bead: slingTermsOf(facts.bead) });
  const why = whyNotNow(facts);
  if (why !== undefined) return { do: 'queue', why, terms };
  return { do: 'dispatch', terms, takeFrom: holder.kind === 'held' ? holder.agent : undefined };
}

function isNamedTarget(agent: AgentAddress | undefined, worker: string | undefined): boolean {
  return agent?.role === 'polecat' && agent.name === worker;
}

/** Text after `queued: `; undefined = now. Force skips blockers and slots, but starts nothing in a town that is down. */
function whyNotNow({ bead, blockers, capacity, options, townDown }: SlingFacts): string | undefined {
  if (townDown) return 'the town is down';
  if (options.force === true) return undefined;
  if (bead.isBlocked) {
    return blockers.length === 0 ? 'blocked through its parent' : `blocked by ${blockers.join(', ')}`;
  }
  return capacity.free ? undefined : capacity.why;
}
