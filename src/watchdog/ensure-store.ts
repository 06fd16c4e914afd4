import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import { dueIn } from './backoff.ts';
import type { Hands } from './hands.ts';
import type { Failure, Memory } from './memory.ts';
import { FAILURE_BACKOFF } from './next-memory.ts';

const KEY = 'store';

/**
 * Is the ledger there? A server that died is started again, with growing pauses while that fails. `trouble` says
 * why nothing can be decided now.
 */
export async function ensureStore(
  ctx: TownContext,
  hands: Hands,
  memory: Memory,
): Promise<{ readonly memory: Memory; readonly trouble: string | undefined }> {
  const { store, clock } = ctx.ports;
  const health = await store.health();
  if (health.ok) return { memory: withFailure(memory, undefined), trouble: undefined };
  const why = `the ledger does not answer: ${health.error ?? health.location}`;
  const failure = memory.failures.get(KEY) ?? { count: 0, last: 0 };
  const now = clock.now();
  if (store.kind === 'sqlite' || dueIn(failure.count, failure.last, { now, rule: FAILURE_BACKOFF }) > 0) {
    return { memory, trouble: why };
  }
  const next = withFailure(memory, { count: failure.count + 1, last: now });
  try {
    await hands.startStore();
  } catch (error) {
    return { memory: next, trouble: `${why}; starting it failed: ${messageOf(error)}` };
  }
  return { memory: next, trouble: (await store.health()).ok ? undefined : why };
}

function withFailure(memory: Memory, failure: Failure | undefined): Memory {
  const others = [...memory.failures].filter(([key]) => key !== KEY);
  return { ...memory, failures: new Map(failure === undefined ? others : [...others, [KEY, failure]]) };
}
