import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ledgerTables } from '../../src/adapters/sql-schema/tables.ts';
import type { Database, Store } from '../../src/ports/store.ts';
import { createFakeStore } from '../fakes/store.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';
import { openStore } from '../support/open-store.ts';
import { IDENTITY } from './store-rows.ts';

/** First 16 hex digits of SHA-256 of `SHOW CREATE TABLE`, recorded from a database that bd 1.0.5 made on Dolt 1.88.1. */
const MADE_BY_BD: Readonly<Record<string, string>> = {
  child_counters: '4d60788baa654491',
  comments: 'f04d5abfa6f199d4',
  compaction_snapshots: 'e0886ac17c0b1654',
  config: '4f57ba8f0178022d',
  custom_statuses: 'a12f258f88d11fcd',
  custom_types: 'a64dbbfe4d245cf8',
  dependencies: 'c7e88c830e5e647d',
  events: '6e023c60f3bab769',
  federation_peers: '8db33116041320da',
  ignored_schema_migrations: '3c6dedfd5674c3e7',
  interactions: '048ca61c2dc05f0b',
  issue_counter: 'be6d6bd51b733dc3',
  issue_snapshots: '6f9a4c5d4229996e',
  issues: 'cb10194aeff326c1',
  labels: '39cf32a7f412cb53',
  local_metadata: '5adb10978bec57b3',
  metadata: '6587032b5aa045dd',
  repo_mtimes: 'b1a6b2918aa48312',
  routes: '55aa8055a9090705',
  schema_migrations: '813feb69b16fb43c',
  wisp_child_counters: '2d7e31b91454535a',
  wisp_comments: '8dd6c9e8cdbc2c1d',
  wisp_dependencies: '5ff455f245f09e08',
  wisp_events: '4be56df96a4b3fd6',
  wisp_labels: '1f248f0b19ac8b22',
  wisps: '50fbcc014e7dbec6',
};

describeWithDolt('the schema of both stores', () => {
  let town: TestTown;
  let stores: readonly Store[];
  let dolt: Database;
  let sqlite: Database;
  beforeAll(async () => {
    town = await startTestTown();
    stores = [openStore({ kind: 'dolt', ...town.storeOptions }), createFakeStore()];
    [dolt, sqlite] = (await Promise.all(stores.map((store) => store.create('hq', IDENTITY)))) as [
      Database,
      Database,
    ];
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await town.dispose();
  });

  it('holds every table of bd 1.0.5 and no other', async () => {
    const tables = Object.keys(MADE_BY_BD).sort();
    expect(ledgerTables.map((table) => table.name).sort()).toEqual(tables);
    const onDolt = await dolt.query("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'");
    expect(onDolt.map((row) => String(row['Tables_in_hq'])).sort()).toEqual(tables);
    const onSqlite = await sqlite.query("SELECT name FROM sqlite_schema WHERE type = 'table'");
    expect(onSqlite.map((row) => String(row['name'])).sort()).toEqual(tables);
  });

  it.each(Object.keys(MADE_BY_BD))('%s reads on Dolt exactly as bd makes it', async (table) => {
    const [row] = await dolt.query(`SHOW CREATE TABLE \`${table}\``);
    const text = String(row?.['Create Table']);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
    expect(digest, text).toBe(MADE_BY_BD[table]);
  });

  it.each(Object.keys(MADE_BY_BD))('%s has the same columns, keys and indexes on SQLite', async (table) => {
    expect(await sqliteShape(table)).toEqual(await doltShape(table));
  });

  interface Shape {
    /** `name null?`, in order. */
    readonly columns: readonly string[];
    /** `column,column unique?`, sorted. */
    readonly indexes: readonly string[];
    /** `column -> table.column on delete, on update`, sorted. */
    readonly foreignKeys: readonly string[];
  }

  async function doltShape(table: string): Promise<Shape> {
    const columns = await dolt.query(`SHOW COLUMNS FROM \`${table}\``);
    const parts = await dolt.query(`SHOW INDEX FROM \`${table}\``);
    const names = [...new Set(parts.map((part) => String(part['Key_name'])))];
    const keys = await dolt.query(
      `SELECT k.COLUMN_NAME AS c, k.REFERENCED_TABLE_NAME AS t, k.REFERENCED_COLUMN_NAME AS r,
              x.DELETE_RULE AS d, x.UPDATE_RULE AS u
       FROM information_schema.KEY_COLUMN_USAGE k
       JOIN information_schema.REFERENTIAL_CONSTRAINTS x
         ON x.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND x.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
       WHERE k.TABLE_SCHEMA = 'hq' AND k.TABLE_NAME = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL`,
      [table],
    );
    return {
      columns: columns.map((row) => `${row['Field']} ${row['Null'] === 'YES'}`),
      indexes: names
        .map((name) => parts.filter((part) => part['Key_name'] === name))
        .map((own) =>
          describeIndex(
            own.map((part) => part['Column_name']),
            own[0]?.['Non_unique'] === 0,
          ),
        )
        .sort(),
      foreignKeys: keys
        .map((row) => describeKey(row['c'], `${row['t']}.${row['r']}`, row['d'], row['u']))
        .sort(),
    };
  }

  async function sqliteShape(table: string): Promise<Shape> {
    const columns = await sqlite.query(`PRAGMA table_info("${table}")`);
    // Partial indexes are SQLite's own: MySQL has none.
    const indexes = (await sqlite.query(`PRAGMA index_list("${table}")`)).filter(
      (row) => row['partial'] === 0,
    );
    const described = await Promise.all(
      indexes.map(async (index) => {
        const parts = await sqlite.query(`PRAGMA index_info("${index['name']}")`);
        return describeIndex(
          parts.map((part) => part['name']),
          index['unique'] === 1,
        );
      }),
    );
    // An INTEGER PRIMARY KEY is the row id itself and has no index of its own.
    const keyed = columns.filter((row) => row['pk'] !== 0);
    const rowId = keyed.length === 1 && keyed[0]?.['type'] === 'INTEGER' ? keyed : [];
    const keys = await sqlite.query(`PRAGMA foreign_key_list("${table}")`);
    return {
      columns: columns.map((row) => `${row['name']} ${row['notnull'] === 0}`),
      indexes: [...described, ...rowId.map((row) => describeIndex([row['name']], true))].sort(),
      foreignKeys: keys
        .map((row) =>
          describeKey(row['from'], `${row['table']}.${row['to']}`, row['on_delete'], row['on_update']),
        )
        .sort(),
    };
  }
});

function describeIndex(columns: readonly unknown[], isUnique: boolean): string {
  return `${columns.join(',')} ${isUnique}`;
}

function describeKey(column: unknown, target: string, onDelete: unknown, onUpdate: unknown): string {
  return `${String(column)} -> ${target} ${String(onDelete)}, ${String(onUpdate)}`;
}
