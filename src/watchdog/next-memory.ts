import type { BackoffRule } from './backoff.ts';
import { taskKey } from './execute.ts';
import type { Outcome } from './execute.ts';
import type { Failure, Memory } from './memory.ts';
import type { LookedAt } from './pass.ts';
import { GONE, goneKey } from './sighting.ts';

/** Pauses after actions that failed and use up no attempts (a remote that is down). */
export const FAILURE_BACKOFF: BackoffRule = { initialMs: 30_000, maxMs: 600_000 };

interface PassResult {
  readonly now: number;
  readonly looked: readonly LookedAt[];
  readonly outcomes: readonly Outcome[];
  readonly massDeath: Memory['massDeath'];
  readonly keeps: Memory['keeps'];
  readonly judged: Memory['judged'];
}

/** The memory after a pass: sessions that are back or restarted, and actions that worked, are forgotten. */
export function nextMemory(before: Memory, result: PassResult): Memory {
  return {
    gone: nextGone(result),
    failures: nextFailures(before, result),
    massDeath: result.massDeath,
    keeps: result.keeps,
    judged: result.judged,
  };
}

function nextGone({ looked }: PassResult): Memory['gone'] {
  const missing = looked.flatMap(({ workers }) =>
    workers.flatMap(({ session, seen }) =>
      seen.kind === 'ended' && seen.how === GONE ? [[goneKey(session, seen.spawn), seen.at] as const] : [],
    ),
  );
  return new Map(missing);
}

function nextFailures({ failures }: Memory, { now, outcomes }: PassResult): Memory['failures'] {
  const next = new Map<string, Failure>(failures);
  for (const { task, result } of outcomes) {
    const key = taskKey(task);
    if (result === 'failed') next.set(key, { count: (failures.get(key)?.count ?? 0) + 1, last: now });
    else next.delete(key);
  }
  return next;
}
