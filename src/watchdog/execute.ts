import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { GtError, messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { RollForward } from '../polecat/dispatch/roll-forward.ts';
import { clearAlert, raiseAlert } from '../beads/forms/alert.ts';
import type { Alert } from '../beads/forms/alert.ts';
import type { Rig } from '../rig/registry.ts';
import { addAttempt } from '../town/attempts.ts';
import { emitEvent } from '../town/events.ts';
import { agentWanted, readWanted } from '../town/wanted.ts';
import type { Hands } from './hands.ts';
import type { WorkerAction } from './plan-worker.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** One planned action with what it was decided on. */
export interface Task {
  readonly rig: Rig;
  readonly facts: WorkerFacts;
  readonly action: WorkerAction;
}

export type Outcome =
  /** `pending`: begun, or somebody else is at it; to be looked at again soon. */
  | { readonly task: Task; readonly result: 'done' | 'pending' }
  | { readonly task: Task; readonly result: 'failed'; readonly why: string };

/** Does one action. Never throws: one worker's trouble must not keep the others waiting. */
export async function executeTask(ctx: TownContext, hands: Hands, task: Task): Promise<Outcome> {
  try {
    const done = await act(ctx, hands, task);
    if (typeof done === 'string') return { task, result: done };
    return done.kind === 'failed'
      ? { task, result: 'failed', why: done.why }
      : { task, result: OVER[done.kind] };
  } catch (error) {
    // Somebody acted between our look and our transaction: the next pass sees what is true now.
    if (isOvertaken(error)) return { task, result: 'pending' };
    const why = messageOf(error);
    ctx.ports.log.warn('action failed', { action: task.action.kind, worker: task.facts.worker, why });
    return { task, result: 'failed', why };
  }
}

const OVER = { carried: 'done', skipped: 'pending' } as const;
const OVERTAKEN: ReadonlySet<string> = new Set(['bead.changed', 'lock.held', 'rig.hanging']);

function isOvertaken(error: unknown): boolean {
  return error instanceof GtError && OVERTAKEN.has(error.code);
}

async function act(ctx: TownContext, hands: Hands, task: Task): Promise<RollForward | 'done' | 'pending'> {
  const { rig, facts, action } = task;
  switch (action.kind) {
    case 'wait':
      return 'done';
    case 'stop':
      if (!(await isStillDue(ctx, task, action.session))) return 'pending';
      await hands.stopSession(action.session);
      return 'done';
    case 'resume-done':
      await withAlert(ctx, task, () => hands.resumeDone(rig, action.worker));
      return 'done';
    case 'finish-done':
      return withAlert(ctx, task, async () =>
        (await hands.finishDone(rig, action.worker)) === 'ending' ? 'pending' : 'done',
      );
    case 'roll-forward':
      return hands.rollForward(rig, action.bead);
    case 'restart':
      if (facts.seen.kind !== 'ended' || !facts.seen.asked) await announceDeath(ctx, task, action.why);
      return hands.respawn(rig, action.bead, action.counts ? 'counts' : 'forgiven');
    case 'block':
      await announceDeath(ctx, task, action.why);
      await addAttempt(ctx, action.bead);
      await hands.giveUp(rig, facts.worker, action.bead, action.why);
      return 'done';
  }
}

/** Others came first and took their time: what was started meanwhile was not meant. */
async function isStillDue(ctx: TownContext, { rig, facts }: Task, session: SessionName): Promise<boolean> {
  const seen = await ctx.ports.panes.observe(session);
  const isOther = seen.kind === 'live' && facts.seen.kind === 'live' && seen.state.spawn !== facts.seen.spawn;
  const agent = { role: 'polecat', rig: rig.name, name: facts.worker } as const;
  return !isOther && agentWanted(await readWanted(ctx), agent) === facts.wanted;
}

async function announceDeath(ctx: TownContext, { rig, facts }: Task, reason: string): Promise<void> {
  const agent = formatAddress({ role: 'polecat', rig: rig.name, name: facts.worker });
  await emitEvent(ctx, {
    type: 'session_death',
    payload: { session: facts.session, agent, rig: rig.name, reason, caller: 'daemon' },
    visibility: 'both',
    actor: 'daemon',
  });
}

/** Work that cannot be handed in waits for a person as long as it fails: one open alert, closed when it works. */
async function withAlert<T>(ctx: TownContext, task: Task, work: () => Promise<T>): Promise<T> {
  const ledger = await ctx.ledgers.open(task.rig.database);
  const key = taskKey(task);
  try {
    const result = await work();
    await ledger.transaction('daemon', (tx) => clearAlert(tx, key, 'it worked now'));
    return result;
  } catch (error) {
    if (isOvertaken(error)) throw error;
    await ledger.transaction('daemon', (tx) => raiseAlert(tx, alertOf(task, messageOf(error))));
    throw error;
  }
}

function alertOf(task: Task, why: string): Alert {
  const { rig, facts, action } = task;
  return {
    key: taskKey(task),
    title: `${rig.name}/${facts.worker}: gt done cannot be finished: ${why}`,
    text: `${action.kind} failed: ${why}. It is tried again with growing pauses; nothing is lost meanwhile.`,
    priority: 2,
    kind: 'escalation',
  };
}

/** Names an action on one worker and spawn: of its failures, and of its alert. */
export function taskKey({ rig, facts, action }: Task): string {
  return `${action.kind}:${rig.name}/${facts.worker}:${facts.row?.spawn ?? 0}`;
}
