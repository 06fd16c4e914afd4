import { readAttachment } from '../../beads/forms/attachment.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { formatAge } from '../../core/duration.ts';
import type { AgentAddress } from '../../core/address.ts';
import { NotFoundError, RefusedError, UnreadableError } from '../../core/errors.ts';
import type { PaneObservation } from '../../ports/panes.ts';
import type { HandoffFacts } from '../../hooks/handoff/facts.ts';

/** What happens after the note is stored. */
export type HandoffEnd =
  | { readonly kind: 'save' }
  /** The dispatch starts a worker anew: same bead, same worktree. */
  | { readonly kind: 'renew'; readonly bead: Bead }
  | { readonly kind: 'start'; readonly bead: Bead | undefined };

export interface HandoffRules {
  /** `save` only stores the note. */
  readonly mode: 'restart' | 'save';
  readonly cooldownMs: number;
  /** Unix ms of this agent's last handoff. */
  readonly last: number | undefined;
  readonly seen: PaneObservation;
}

/**
 * How a handoff ends, or why there is none. Pure. RefusedError `handoff.no-agent`, `handoff.too-soon`,
 * `handoff.no-work`; NotFoundError `session.not-running`; UnreadableError `handoff.blind`.
 */
export function planHandoff(facts: HandoffFacts, rules: HandoffRules): HandoffEnd {
  const { agent, held } = facts;
  if (agent.role === 'overseer') {
    throw new RefusedError({
      code: 'handoff.no-agent',
      message: 'you are no agent, so you have no session to hand over',
      hint: 'Say whose: gt handoff <rig>/crew/<name>, gt handoff mayor',
    });
  }
  if (rules.mode === 'save') return { kind: 'save' };
  if (rules.seen.kind !== 'live' && rules.seen.kind !== 'unreadable') throw notRunning(agent);
  const bead = held.ok ? held.value.bead : undefined;
  refuseTooSoon(facts, rules, bead);
  if (agent.role !== 'polecat') return { kind: 'start', bead };
  if (!held.ok) {
    throw new UnreadableError({
      code: 'handoff.blind',
      message: `cannot see what ${formatAddress(agent)} holds: ${held.why}`,
      hint: 'Nothing was changed: go on, and try again later',
    });
  }
  if (bead !== undefined) return { kind: 'renew', bead };
  throw new RefusedError({
    code: 'handoff.no-work',
    message: `${formatAddress(agent)} holds no work that a next session could go on with`,
    hint: 'End your turn',
  });
}

function notRunning(agent: AgentAddress): NotFoundError {
  const name = formatAddress(agent);
  return new NotFoundError({
    code: 'session.not-running',
    message: `${name} has no session that could be handed over`,
    hint: `To leave a note for its next one: gt handoff ${name} --auto -m "<note>"`,
  });
}

/** A worker that hands over again and again burns tokens in a circle; people's agents, and ralph, mean it. */
function refuseTooSoon(
  facts: HandoffFacts,
  { last, cooldownMs }: HandoffRules,
  bead: Bead | undefined,
): void {
  const { agent, now } = facts;
  const isFree = agent.role === 'mayor' || agent.role === 'crew';
  const isRalph = bead !== undefined && readAttachment(bead)?.mode === 'ralph';
  const waitMs = last === undefined ? 0 : last + cooldownMs - now;
  if (isFree || isRalph || waitMs <= 0) return;
  throw new RefusedError({
    code: 'handoff.too-soon',
    message: `${formatAddress(agent)} handed over ${formatAge(now - (last ?? now))} ago`,
    hint: `Go on with the work; the next handoff is possible in ${formatAge(waitMs)}`,
  });
}
