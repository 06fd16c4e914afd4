import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import { readRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { followRigStatus } from '../rig/status.ts';
import type { FollowedStatus } from '../rig/status.ts';
import { readAttempts } from '../town/attempts.ts';
import { readWanted } from '../town/wanted.ts';
import { dueIn } from './backoff.ts';
import { executeTask, taskKey } from './execute.ts';
import type { Outcome, Task } from './execute.ts';
import { runFeeds } from './feeds.ts';
import { gatherWorkers } from './gather.ts';
import type { TownFacts } from './gather.ts';
import type { Hands } from './hands.ts';
import { FAILURE_BACKOFF, nextMemory } from './next-memory.ts';
import type { Memory } from './memory.ts';
import { planWorker } from './plan-worker.ts';
import { readRules } from './rules.ts';
import type { WorkerRules } from './plan-worker.ts';
import { callJudges } from './judge.ts';
import { keepAgents } from './roles/keep.ts';
import { ensureStore } from './ensure-store.ts';
import { stopEverything } from './stop-everything.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** What one pass found and did. */
export interface PassReport {
  readonly wanted: 'up' | 'down';
  readonly outcomes: readonly Outcome[];
  readonly dispatched: number;
  readonly convoysClosed: number;
  /** What could not be looked at, one line each; nothing was decided for it. */
  readonly troubles: readonly string[];
  /** Something is due then; undefined = nothing known. */
  readonly nextInMs: number | undefined;
}

export interface PassOptions {
  readonly hands: Hands;
  readonly memory: Memory;
  /** Also do what needs doing only now and then. */
  readonly full: boolean;
}

/**
 * One look at the whole town and everything that is due (spec 11 K). Wanted down: only stops. Ledger or wanted
 * state unreadable: does nothing. Never throws for the trouble of one rig or worker.
 */
export async function daemonPass(
  ctx: TownContext,
  { hands, memory, full }: PassOptions,
): Promise<{ readonly report: PassReport; readonly memory: Memory }> {
  if ((await readWanted(ctx)).town === 'down') {
    const troubles = await stopEverything(ctx, hands);
    return { report: { ...EMPTY, wanted: 'down', troubles }, memory };
  }
  const store = await ensureStore(ctx, hands, memory);
  if (store.trouble !== undefined)
    return {
      report: { ...EMPTY, troubles: [store.trouble], nextInMs: STORE_RETRY_MS },
      memory: store.memory,
    };
  const { rigs, broken } = await readRigs(ctx);
  const { wanted, troubles: unasked } = await wantedNow(ctx, rigs, full);
  const town: TownFacts = {
    now: ctx.ports.clock.now(),
    wanted,
    attempts: await readAttempts(ctx),
    rigs,
    memory,
  };
  const looked = await lookAtRigs(ctx, town);
  const workers = looked.flatMap((rig) => rig.workers);
  const { rules, massDeath } = await readRules(ctx, town, workers);
  const tasks = looked.flatMap(({ rig, workers }) => tasksOf(rig, workers, rules));
  const outcomes = await runTasks(ctx, hands, { tasks, town });
  const keep = await keepAgents(ctx, hands, { ...rules, failures: memory.keeps });
  const feed = await runFeeds(ctx, hands, full);
  const judges = await callJudges(ctx, hands, { rigs, wanted, memory });
  const troubles = [
    ...broken.map(({ name, why }) => `rig ${name}: ${why}`),
    ...new Set([...looked.flatMap(troubleOf), ...unasked]),
    ...keep.troubles,
    ...feed.troubles,
    ...judges.troubles,
  ];
  const next = nextMemory(store.memory, {
    now: town.now,
    looked,
    outcomes,
    massDeath,
    keeps: keep.failures,
    judged: judges.judged,
  });
  return {
    report: {
      wanted: 'up',
      outcomes,
      dispatched: feed.dispatched,
      convoysClosed: feed.convoysClosed,
      troubles,
      nextInMs: earliest(keep.nextInMs, soonest(tasks, outcomes, feed.waiting)),
    },
    memory: next,
  };
}

/** What other machines say of the rigs comes with a pull, which nobody announces: it is asked for now and then. */
async function wantedNow(ctx: TownContext, rigs: readonly Rig[], full: boolean): Promise<FollowedStatus> {
  return full ? followRigStatus(ctx, rigs) : { wanted: await readWanted(ctx), troubles: [] };
}

/** A ledger that does not answer is looked for again soon. */
const STORE_RETRY_MS = 15_000;

const EMPTY: PassReport = {
  wanted: 'up',
  outcomes: [],
  dispatched: 0,
  convoysClosed: 0,
  troubles: [],
  nextInMs: undefined,
};

/** A rig with its polecats, or why they could not be looked at. */
export interface LookedAt {
  readonly rig: Rig;
  readonly workers: readonly WorkerFacts[];
  readonly why: string | undefined;
}

function lookAtRigs(ctx: TownContext, town: TownFacts): Promise<readonly LookedAt[]> {
  return Promise.all(
    town.rigs.map(async (rig): Promise<LookedAt> => {
      try {
        return { rig, workers: await gatherWorkers(ctx, rig, town), why: undefined };
      } catch (error) {
        return { rig, workers: [], why: messageOf(error) };
      }
    }),
  );
}

function troubleOf({ rig, why }: LookedAt): readonly string[] {
  return why === undefined ? [] : [`rig ${rig.name}: ${why}`];
}

function tasksOf(rig: Rig, workers: readonly WorkerFacts[], rules: WorkerRules): readonly Task[] {
  return workers.flatMap((facts) => {
    const action = planWorker(facts, rules);
    return action === undefined ? [] : [{ rig, facts, action }];
  });
}

interface TaskRun {
  readonly tasks: readonly Task[];
  readonly town: TownFacts;
}

/** Rigs side by side, the workers of one rig one after the other: they share a repository. */
async function runTasks(
  ctx: TownContext,
  hands: Hands,
  { tasks, town }: TaskRun,
): Promise<readonly Outcome[]> {
  const due = tasks.filter((task) => task.action.kind !== 'wait' && isDue(task, town));
  const byRig = Map.groupBy(due, (task) => task.rig.name);
  const perRig = await Promise.all(
    [...byRig.values()].map(async (own) => {
      const outcomes: Outcome[] = [];
      for (const task of own) outcomes.push(await executeTask(ctx, hands, task));
      return outcomes;
    }),
  );
  return perRig.flat();
}

/** What failed is left alone for a while, longer each time. */
function isDue(task: Task, { memory, now }: TownFacts): boolean {
  const failure = memory.failures.get(taskKey(task));
  return failure === undefined || dueIn(failure.count, failure.last, { now, rule: FAILURE_BACKOFF }) === 0;
}

/** An agent that hands in ends its turn within a minute. */
const PENDING_MS = 5000;

/** Queued beads may wait for something that tells nobody when it changes: the machine's load, a slot. */
const QUEUE_MS = 60_000;

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function soonest(tasks: readonly Task[], outcomes: readonly Outcome[], waiting: number): number | undefined {
  const waits = tasks.flatMap(({ action }) => (action.kind === 'wait' ? [action.ms] : []));
  const again = outcomes.flatMap(({ result }) => {
    if (result === 'pending') return [PENDING_MS];
    return result === 'failed' ? [FAILURE_BACKOFF.initialMs] : [];
  });
  const due = [...waits, ...again, ...(waiting > 0 ? [QUEUE_MS] : [])];
  return due.length === 0 ? undefined : Math.min(...due);
}
