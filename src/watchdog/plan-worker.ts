import type { BeadId, SessionName, WorkerName } from '../core/names.ts';
import { dueIn } from './backoff.ts';
import type { BackoffRule } from './backoff.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** What to do about one polecat now (spec 11 K). */
export type WorkerAction =
  | { readonly kind: 'stop'; readonly session: SessionName; readonly why: string }
  /** `gt done` was under way and its session is gone: go on from the first missing step. */
  | { readonly kind: 'resume-done'; readonly worker: WorkerName }
  /** Handed in: free the worktree, end the session. */
  | { readonly kind: 'finish-done'; readonly worker: WorkerName }
  /** Hooked and not started: convoy, worktree, session. */
  | { readonly kind: 'roll-forward'; readonly worker: WorkerName; readonly bead: BeadId }
  | {
      readonly kind: 'restart';
      readonly worker: WorkerName;
      readonly bead: BeadId;
      readonly why: string;
      /** False where the work is not at fault: a mass death, or an end that gt itself had asked for. */
      readonly counts: boolean;
    }
  | { readonly kind: 'block'; readonly worker: WorkerName; readonly bead: BeadId; readonly why: string }
  /** Something is due later. */
  | { readonly kind: 'wait'; readonly worker: WorkerName; readonly ms: number; readonly why: string };

export interface WorkerRules {
  /** Unix ms. */
  readonly now: number;
  readonly maxAttempts: number;
  readonly backoff: BackoffRule;
  /** A finished session may linger this long. */
  readonly idleSessionMs: number;
  /** Several died at once: restarts wait until then (Unix ms). */
  readonly massDeath:
    | {
        readonly until: number;
        readonly sessions: ReadonlySet<SessionName>;
        /** Its deaths use up no attempts. */
        readonly isForgiven: boolean;
      }
    | undefined;
}

/**
 * The next action for one polecat, or none. Pure. Whatever could not be read makes no action: a live agent is
 * never stopped, and a dead one never started, on a guess (P1).
 */
export function planWorker(facts: WorkerFacts, rules: WorkerRules): WorkerAction | undefined {
  const { seen, verdict, row, held, session, worker } = facts;
  if (seen.kind === 'unreadable') return undefined;
  if (facts.wanted === 'down') return stopIfLive(facts, 'it is wanted down');
  if (verdict.state === 'orphan') return planOrphan(facts);
  if (row === undefined || row.agentState === 'nuked') return undefined;
  const isLive = seen.kind === 'live';
  if (row.doneIntent && !isLive) return { kind: 'resume-done', worker };
  if (row.agentState === 'done') return { kind: 'finish-done', worker };
  if (held === undefined) return planIdle(facts, rules);
  if (verdict.state === 'stuck') return undefined;
  const isWaiting = held.status === 'hooked' || row.agentState === 'spawning';
  if (isWaiting && !isStarted(facts, row.spawn)) return planForward(facts, held.id, rules);
  if (verdict.state === 'dead' && facts.autoRestart)
    return planDead({ facts, bead: held.id, session }, rules);
  return undefined;
}

function stopIfLive({ seen, session }: WorkerFacts, why: string): WorkerAction | undefined {
  return seen.kind === 'live' ? { kind: 'stop', session, why } : undefined;
}

/** A session without a worker: stopped only when row and folder both say that nobody works there. */
function planOrphan(facts: WorkerFacts): WorkerAction | undefined {
  return facts.hasFolder || facts.held !== undefined
    ? undefined
    : stopIfLive(facts, 'no polecat of that name exists any more');
}

/** Holds nothing: its bead was closed, taken away or handed in. The session ends in the orderly way, not at once. */
function planIdle(facts: WorkerFacts, rules: WorkerRules): WorkerAction | undefined {
  const { seen, worker, row } = facts;
  if (facts.verdict.state !== 'ending') return undefined;
  if (seen.kind !== 'live') return row?.agentState === 'idle' ? undefined : { kind: 'finish-done', worker };
  // Taken from an agent in the middle of its turn, its worktree would change under its hands.
  const isAtRest = seen.phase === 'idle' || seen.phase === 'ready';
  const idleFor = isAtRest ? Math.max(0, rules.now - seen.since) : 0;
  if (idleFor >= rules.idleSessionMs) return { kind: 'finish-done', worker };
  return {
    kind: 'wait',
    worker,
    ms: rules.idleSessionMs - idleFor,
    why: 'its work is over, its session ends soon',
  };
}

function isStarted({ seen }: WorkerFacts, spawn: number): boolean {
  return seen.kind !== 'none' && seen.kind !== 'unreadable' && seen.spawn >= spawn;
}

function planForward(facts: WorkerFacts, bead: BeadId, rules: WorkerRules): WorkerAction {
  const { worker, attempts } = facts;
  if (attempts.count >= rules.maxAttempts) {
    return { kind: 'block', worker, bead, why: `it could not be started, ${attempts.count} times` };
  }
  const ms = dueIn(attempts.count, attempts.last, { now: rules.now, rule: rules.backoff });
  return ms > 0
    ? { kind: 'wait', worker, ms, why: 'started again later' }
    : { kind: 'roll-forward', worker, bead };
}

function planDead(
  dead: { readonly facts: WorkerFacts; readonly bead: BeadId; readonly session: SessionName },
  rules: WorkerRules,
): WorkerAction {
  const { facts, bead, session } = dead;
  const { worker, attempts, verdict, seen } = facts;
  const why = verdict.reasons[0] ?? 'its agent ended';
  if (seen.kind === 'ended' && seen.asked) return { kind: 'restart', worker, bead, why, counts: false };
  const mass = rules.massDeath;
  if (mass !== undefined && rules.now < mass.until) {
    return { kind: 'wait', worker, ms: mass.until - rules.now, why: 'many agents died at once' };
  }
  if (mass?.isForgiven === true && mass.sessions.has(session))
    return { kind: 'restart', worker, bead, why, counts: false };
  if (attempts.count + 1 >= rules.maxAttempts) return { kind: 'block', worker, bead, why };
  const ms = dueIn(attempts.count, attempts.last, { now: rules.now, rule: rules.backoff });
  return ms > 0
    ? { kind: 'wait', worker, ms, why: 'restarted later' }
    : { kind: 'restart', worker, bead, why, counts: true };
}
