import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';

/**
 * A throw-away store for tests: the SQLite adapter itself, in memory where the machine has /dev/shm, without
 * fsync. It refuses everything the real store refuses; `close` removes it.
 */
export function createFakeStore(options: { readonly clock?: Clock } = {}): Store {
  const home = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const dir = mkdtempSync(join(home, 'gt-store-'));
  const store = createSqliteStore({ dir, clock: options.clock ?? wallClock, durability: 'none' });
  return {
    ...store,
    async close() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const wallClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
