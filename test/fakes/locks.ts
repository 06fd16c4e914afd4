import { UnavailableError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { HeldLock, LockHolder, LockName, Locks } from '../../src/ports/locks.ts';

export interface FakeLocks extends Locks {
  /** The same locks as another process sees them. */
  asProcess(pid: number): FakeLocks;
  /** The process dies: all it holds is free. */
  die(): void;
}

interface Held extends LockHolder {
  readonly token: symbol;
}

const POLL_MS = 10;

/** Locks in memory, held per process; waiting takes time of the fake clock. */
export function createFakeLocks(deps: {
  readonly clock: Clock;
  readonly pid?: number;
  readonly host?: string;
}): FakeLocks {
  return viewOf(new Map(), deps.clock, { pid: deps.pid ?? 1000, host: deps.host ?? 'fake' });
}

function viewOf(held: Map<LockName, Held>, clock: Clock, self: Pick<LockHolder, 'pid' | 'host'>): FakeLocks {
  const acquire: Locks['acquire'] = async (name, { waitMs, purpose }) => {
    const end = clock.monotonic() + waitMs;
    while (held.has(name)) {
      const left = end - clock.monotonic();
      if (left <= 0) throw heldError(name, held.get(name));
      await clock.sleep(Math.min(POLL_MS, left));
    }
    const token = Symbol(name);
    const since = new Date(clock.now()).toISOString();
    held.set(name, { ...self, purpose, since, token });
    return lockOf(name, () => {
      if (held.get(name)?.token === token) held.delete(name);
    });
  };
  return {
    acquire,
    holder: async (name) => {
      const holder = held.get(name);
      if (holder === undefined) return undefined;
      return { pid: holder.pid, host: holder.host, purpose: holder.purpose, since: holder.since };
    },
    asProcess: (pid) => viewOf(held, clock, { ...self, pid }),
    die: () => {
      for (const [name, holder] of held) if (holder.pid === self.pid) held.delete(name);
    },
  };
}

function lockOf(name: LockName, free: () => void): HeldLock {
  const release = async (): Promise<void> => free();
  return { name, release, [Symbol.asyncDispose]: release };
}

function heldError(name: LockName, holder: LockHolder | undefined): UnavailableError {
  return new UnavailableError({
    code: 'lock.held',
    message: `lock ${name} is held by '${holder?.purpose}' (pid ${holder?.pid} on ${holder?.host})`,
  });
}
