import { randomBytes, randomUUID } from 'node:crypto';
import { LEDGER_CHECKS } from '../../../src/beads/doctor/checks.ts';
import { runChecks, type CheckReport } from '../../../src/beads/doctor/run.ts';
import { createLedgers } from '../../../src/beads/ledgers.ts';
import type { WriteScope } from '../../../src/beads/sql/scope.ts';
import type { Ledger, Ledgers } from '../../../src/beads/types.ts';
import { createUuid7 } from '../../../src/beads/words/uuid7.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Random } from '../../../src/ports/random.ts';
import type { Database, Store } from '../../../src/ports/store.ts';

/** A town's two databases on one store: `hq` and a rig with prefix `fx`. */
export interface LedgerTown {
  readonly store: Store;
  readonly ledgers: Ledgers;
  readonly rig: Ledger;
  readonly hq: Ledger;
  readonly clock: TestClock;
}

export interface TestClock extends Clock {
  /** Moves the time that the ledger sees. */
  advance(ms: number): void;
}

export interface StoreMaker {
  /** A fresh, empty store. */
  make(): Promise<Store>;
  /** Removes what `make` made. */
  dispose(store: Store): Promise<void>;
}

export const START = Date.parse('2026-03-01T12:00:00.700Z');

export async function makeLedgerTown(store: Store, names = { rig: 'proj', hq: 'hq' }): Promise<LedgerTown> {
  await store.create(names.rig, { prefix: 'fx', projectId: randomUUID() });
  await store.create(names.hq, { prefix: 'hq', projectId: randomUUID() });
  const clock = createTestClock();
  const ledgers = createLedgers({
    store,
    clock,
    random: systemRandom,
    routes: async () => [
      { prefix: 'fx-', database: names.rig },
      { prefix: 'hq', database: names.hq },
      { prefix: 'hq-cv', database: names.hq },
    ],
  });
  return { store, ledgers, clock, rig: await ledgers.open(names.rig), hq: await ledgers.open(names.hq) };
}

function createTestClock(): TestClock {
  let now = START;
  return {
    now: () => now,
    monotonic: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    advance(ms) {
      now += ms;
    },
  };
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};

/** What the doctor says of one database. */
export async function examineLedger(
  store: Store,
  { database: name, prefix }: Pick<Ledger, 'database' | 'prefix'>,
  { clock, fix = false }: { readonly clock: Clock; readonly fix?: boolean },
): Promise<readonly CheckReport[]> {
  const database = await store.open(name);
  return runChecks(LEDGER_CHECKS, { database, scope: scopeOf(database, prefix, clock), fix });
}

export function scopeOf(database: Database, prefix: string, clock: Clock): WriteScope {
  const now = () => clock.now();
  return {
    database: database.name,
    prefix,
    sql: database,
    dialect: database.dialect,
    now,
    random: systemRandom,
    uuid7: createUuid7(now, systemRandom),
    routes: () => Promise.resolve([]),
    actor: 'doctor',
  };
}

/** What a call was refused with: its error code, or `none`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
