import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store.ts';
import { recomputeAll } from '../blocked/recompute.ts';
import { readConfig } from '../read/config.ts';
import { createUuid7 } from '../words/uuid7.ts';
import { writeConfig } from '../write/config.ts';

export interface UpgradeTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Brings an older database of bd to our schema. Returns the steps done, none when it was ours already. Throws what
 * `StoreAdmin.upgrade` throws.
 */
export async function upgradeLedger(tools: UpgradeTools, database: string): Promise<readonly string[]> {
  const { store, clock, random } = tools;
  const now = () => clock.now();
  const admin = await store.admin();
  return admin.upgrade(database, async (sql, dialect) => {
    const scope = { database, prefix: '', sql, dialect, now, random, uuid7: createUuid7(now, random) };
    const write = { ...scope, routes: async () => [], actor: 'bd migrate' };
    await recomputeAll(write);
    const config = await readConfig(write);
    // Set again, so that the tables follow: bd takes an empty table beside a set row for a pending migration.
    for (const key of ['types.custom', 'status.custom']) {
      const value = config.get(key);
      if (value !== undefined) await writeConfig(write, key, value);
    }
  });
}
