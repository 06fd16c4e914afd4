import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createLedgers } from '../../src/beads/ledgers.ts';
import type { Ledger } from '../../src/beads/types.ts';
import type { Database, SqlSession, SqlValue, Store } from '../../src/ports/store.ts';
import { fillBigLedger } from '../support/big-ledger.ts';
import { systemRandom } from './ledger/setup.ts';

const SMALL = 200;
const BIG = 10_000;

interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What a command asks of the ledger, given two open beads of which the first is a task. */
const COMMANDS: Readonly<Record<string, (ledger: Ledger, task: string, other: string) => Promise<unknown>>> =
  {
    ready: async (ledger) => ledger.surroundings(await ledger.ready({ limit: 101 })),
    list: async (ledger) =>
      ledger.surroundings(await ledger.list({ notStatus: ['closed', 'pinned'], limit: 51 })),
    'list by label': (ledger) =>
      ledger.list({ notStatus: ['closed', 'pinned'], labels: ['area-1'], limit: 51 }),
    show: async (ledger, task) => [
      await ledger.find(task),
      await ledger.edgesFrom([task]),
      await ledger.edgesTo([task]),
      await ledger.comments(task),
    ],
    hook: (ledger) => ledger.list({ status: ['hooked', 'in_progress'], assignee: 'bob' }),
    create: (ledger) => ledger.transaction('ann', (tx) => tx.create({ title: 'New', labels: ['l'] })),
    'create a child': (ledger, task) =>
      ledger.transaction('ann', (tx) => tx.create({ title: 'New', parent: task })),
    claim: (ledger, task) => ledger.transaction('ann', (tx) => tx.claim(task, 'ann')),
    update: (ledger, task) => ledger.transaction('ann', (tx) => tx.update(task, { notes: 'more' })),
    'add an edge': (ledger, task, other) =>
      ledger.transaction('ann', (tx) => tx.addEdge({ from: other, to: task, type: 'blocks' })),
    'remove an edge': (ledger, task, other) => ledger.transaction('ann', (tx) => tx.removeEdge(other, task)),
    close: (ledger, task) =>
      ledger.transaction('ann', (tx) => tx.close(task, { reason: 'done', force: true })),
    reopen: (ledger, task) => ledger.transaction('ann', (tx) => tx.reopen(task)),
  };

export interface ScaleEngine {
  readonly store: () => Store;
  /** Steps of the engine's plan that read a whole table of the ledger. */
  wholeTables(database: Database, statement: Statement): Promise<readonly string[]>;
}

/** Ten thousand beads and thirty thousand edges: no command reads a table through, none takes more statements. */
export function scaleContract(engine: ScaleEngine): void {
  test('P16: with 10,000 beads every command finds its rows by index, in as many statements as with 200', async () => {
    const small = await recordAll(engine.store(), SMALL);
    const big = await recordAll(engine.store(), BIG);
    const database = await engine.store().open(nameOf(BIG));
    expect([await newHashLength(engine.store(), SMALL), await newHashLength(engine.store(), BIG)]).toEqual([
      4, 6,
    ]);
    const grown = Object.keys(COMMANDS).filter(
      (name) => (big.get(name)?.length ?? 0) > (small.get(name)?.length ?? 0) + ROOM,
    );
    expect(grown).toEqual([]);
    const found: string[] = [];
    for (const [name, statements] of big) {
      for (const statement of statements) {
        const steps = await engine.wholeTables(database, statement);
        if (isSmall(statement.sql) || steps.every((step) => NO_INDEX.test(`${step} ${statement.sql}`)))
          continue;
        found.push(...steps.map((step) => `${name}: ${step} in ${statement.sql}`));
      }
    }
    expect(found).toEqual([]);
  });
}

/** Settings have few rows. */
function isSmall(sql: string): boolean {
  return /FROM (?:config|custom_types|custom_statuses)\b/.test(sql);
}

/** The schema has no index for wisps that name beads of other databases; retention keeps them few. */
const NO_INDEX = /^(?:SCAN )?(?:wisp_dependencies|t) .*JOIN wisp_dependencies t ON t\.depends_on_external/;

/** Rows up to which an engine may well read a table through instead of using an index. */
export const FEW_ROWS = 200;

/** Statements that depend on the beads at hand, not on their number: one more or less per IN list of the graph walk. */
const ROOM = 2;

function nameOf(count: number): string {
  return `scale${count}`;
}

async function recordAll(store: Store, count: number): Promise<ReadonlyMap<string, readonly Statement[]>> {
  const database = await store.create(nameOf(count), { prefix: 'fx', projectId: randomUUID() });
  await fillBigLedger(database, 'fx', count);
  const statements: Statement[] = [];
  const open: Store['open'] = async (name) => recording(await store.open(name), statements);
  const ledger = await openLedger({ ...store, open }, count);
  await ledger.recomputeBlocked();
  const [task, other] = (await ledger.ready({ type: ['task'], limit: 2 })).map(({ id }) => id as string);
  const recorded = new Map<string, readonly Statement[]>();
  for (const [name, run] of Object.entries(COMMANDS)) {
    statements.length = 0;
    await run(ledger, task ?? '', other ?? '');
    recorded.set(name, [...statements]);
  }
  return recorded;
}

/** Characters of the next id: by an exact count where there are few, by a sample where there are many. */
async function newHashLength(store: Store, count: number): Promise<number> {
  const { id } = await (
    await openLedger(store, count)
  ).transaction('ann', (tx) => tx.create({ title: 'Next' }));
  return id.length - 'fx-'.length;
}

function openLedger(store: Store, count: number): Promise<Ledger> {
  const routes = async () => [{ prefix: 'fx', database: nameOf(count) }];
  return createLedgers({ store, routes, clock: createClock(), random: systemRandom }).open(nameOf(count));
}

function recording(database: Database, into: Statement[]): Database {
  const watch = (session: SqlSession): SqlSession => ({
    query: (sql, values = []) => session.query(sql, (into.push({ sql, values }), values)),
    run: (sql, values = []) => session.run(sql, (into.push({ sql, values }), values)),
  });
  return {
    ...database,
    ...watch(database),
    transaction: (work, options) => database.transaction((sql) => work(watch(sql)), options),
  };
}
