import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import { sameAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { GtError } from '../../core/errors.ts';
import type { Rig } from '../../rig/registry.ts';
import type { SlingFacts } from './facts.ts';
import { isWaiting, refusalOf, waitsFor } from './guards.ts';
import { mergeTerms } from './options.ts';

/** What slinging one bead will do. */
export type SlingPlan =
  | { readonly do: 'refuse'; readonly error: GtError }
  /** The named agent has it already and is alive. */
  | { readonly do: 'nothing'; readonly on: string }
  | { readonly do: 'queue'; readonly rig: Rig; readonly why: string; readonly terms: SlingTerms }
  | {
      readonly do: 'dispatch';
      readonly terms: SlingTerms;
      /** The holder that must give it up first. */
      readonly takeFrom: AgentAddress | undefined;
    };

/** F1: what to do with one bead. Pure; nothing was changed to find out. */
export function planSling(facts: SlingFacts): SlingPlan {
  const { holder, options, queued, epicBranch, formula } = facts;
  const isTargets = holder.kind === 'held' && holdsAlready(facts, holder.agent);
  if (isTargets && holder.life === 'live') return { do: 'nothing', on: holder.by };
  // Its own work is put before a standing agent again: it was not up, and is started now.
  const again = isTargets && facts.to.kind === 'standing';
  const error = refusalOf(again ? { ...facts, holder: { kind: 'nobody' } } : facts);
  if (error !== undefined) return { do: 'refuse', error };
  const terms = mergeTerms(options, { queued, bead: slingTermsOf(facts.bead), epicBranch, formula });
  const why = whyNotNow(facts);
  if (why !== undefined && facts.to.kind === 'worker') return { do: 'queue', rig: facts.to.rig, why, terms };
  return { do: 'dispatch', terms, takeFrom: holder.kind === 'held' && !again ? holder.agent : undefined };
}

function holdsAlready({ to }: SlingFacts, agent: AgentAddress | undefined): boolean {
  if (agent === undefined) return false;
  if (to.kind === 'standing') return sameAddress(to.address, agent);
  const role = to.kind === 'worker' ? 'polecat' : 'dog';
  return agent.role === role && 'name' in agent && agent.name === to.named;
}

/**
 * Text after `queued: `; undefined = now. Only polecats have a queue. Force skips blockers and slots, but starts
 * nothing in a town that is down.
 */
function whyNotNow(facts: SlingFacts): string | undefined {
  const { to, blockers, capacity, options, townDown } = facts;
  if (to.kind !== 'worker') return undefined;
  if (townDown) return 'the town is down';
  if (options.force === true) return undefined;
  if (isWaiting(facts)) return waitsFor(blockers);
  return capacity.free ? undefined : capacity.why;
}
