import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';

/**
 * A throw-away store for tests: the SQLite adapter itself, in memory where the machine has /dev/shm, without
 * fsync. It refuses everything the real store refuses; `close` removes it. A database that was made once in this
 * process is a copy from then on: filling one takes longer than most tests do with it.
 */
export function createFakeStore(options: { readonly clock?: Clock } = {}): Store {
  const home = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const dir = mkdtempSync(join(home, 'gt-store-'));
  const store = createSqliteStore({ dir, clock: options.clock ?? wallClock, durability: 'none' });
  return {
    ...store,
    async create(name, identity) {
      const path = join(dir, `${name}.db`);
      const key = JSON.stringify([name, identity]);
      const made = templates.get(key);
      if (made !== undefined && !existsSync(path)) writeFileSync(path, made, { mode: 0o600 });
      const database = await store.create(name, identity);
      if (made === undefined) templates.set(key, readFileSync(path));
      return database;
    },
    async close() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const templates = new Map<string, Buffer>();

const wallClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
