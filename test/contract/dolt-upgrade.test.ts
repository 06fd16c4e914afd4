import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltPool, type PinnedConnection } from '../../src/adapters/dolt/pool.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { upgradeDatabase } from '../../src/adapters/dolt/upgrade/run.ts';
import { upgradeLedger } from '../../src/beads/place/upgrade.ts';
import type { Store } from '../../src/ports/store.ts';
import { ROWS_32, schema32 } from '../support/bd-schema-32.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';
import { codeOf, systemRandom } from './ledger/setup.ts';

describeWithDolt('a database that bd 1.0.1 to 1.0.4 made', () => {
  let town: TestTown;
  let connection: Connection;
  const stores: Store[] = [];
  beforeAll(async () => {
    town = await startTestTown();
    connection = await createConnection({ ...town.storeOptions, dateStrings: true });
  });
  afterAll(async () => {
    await connection?.end();
    for (const store of stores) await store.close();
    await town?.dispose();
  });

  function openStore(): Store {
    const store = createDoltStore({ ...town.storeOptions, clock: createClock(), isTest: true });
    stores.push(store);
    return store;
  }

  async function make(name: string, statements: readonly string[]): Promise<void> {
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`USE ${name}`);
    for (const statement of statements) await connection.query(statement);
    await connection.query("CALL DOLT_COMMIT('-Am', 'made by an older bd')");
  }

  async function rows(sql: string): Promise<readonly RowDataPacket[]> {
    const [found] = await connection.query<RowDataPacket[]>(sql);
    return found;
  }

  const upgrade = (store: Store, name: string) =>
    upgradeLedger({ store, clock: createClock(), random: systemRandom }, name);

  /** Everything about the form of a database. */
  async function formOf(name: string): Promise<Readonly<Record<string, unknown>>> {
    await connection.query(`USE ${name}`);
    const form: Record<string, unknown> = {};
    for (const row of await rows('SHOW FULL TABLES')) {
      const table = String(row[`Tables_in_${name}`]);
      const [shown] = await rows(`SHOW CREATE TABLE \`${table}\``);
      form[table] = shown?.['Create Table'] ?? shown?.['Create View'];
    }
    form['dolt_ignore'] = await rows('SELECT pattern, ignored FROM dolt_ignore ORDER BY pattern');
    form['versions'] = await rows('SELECT version FROM schema_migrations ORDER BY version');
    form['ignored'] = await rows('SELECT version FROM ignored_schema_migrations ORDER BY version');
    return form;
  }

  /** Like a kill: from its `stop`th statement on nothing reaches the server, and the connection is gone. */
  async function upgradeCutOff(database: string, stop: number): Promise<number> {
    const pool = createDoltPool(town.storeOptions);
    let sent = 0;
    const cut = (): void => {
      sent += 1;
      if (sent >= stop) throw new Error('cut off');
    };
    try {
      await pool.withConnection(database, async (real) => {
        real.discard();
        const connected: PinnedConnection = {
          query: async (...words) => (cut(), real.query(...words)),
          run: async (...words) => (cut(), real.run(...words)),
          discard: () => real.discard(),
        };
        await upgradeDatabase(connected, { database, author: 'a <a@e.x>', finish: async () => undefined });
      });
    } finally {
      await pool.close();
    }
    return sent;
  }

  test('is refused with the next step, and not touched', async () => {
    await make('old1', [...schema32(), ...ROWS_32]);
    const before = await rows('SELECT dolt_hashof_db() AS hash');
    const store = openStore();
    await expect(store.open('old1')).rejects.toMatchObject({
      code: 'store.schema-older',
      hint: expect.stringContaining('bd migrate --yes') as string,
    });
    const plan = await (await store.admin()).planUpgrade('old1');
    expect(plan).toContain('events: new form');
    expect(plan).toContain('1 agents, rigs, roles and messages: from issues to wisps');
    expect(await rows('SELECT dolt_hashof_db() AS hash')).toEqual(before);
  });

  test('comes out with exactly the form of one of ours, in one version commit', async () => {
    const store = openStore();
    await store.create('ours', { prefix: 'fx', projectId: randomUUID() });
    await connection.query('USE old1');
    const versions = Number((await rows('SELECT COUNT(*) AS n FROM dolt_log'))[0]?.['n']);
    expect((await upgrade(store, 'old1')).length).toBeGreaterThan(10);
    expect(await formOf('old1')).toEqual(await formOf('ours'));
    await connection.query('USE old1');
    expect(await rows('SELECT COUNT(*) AS n FROM dolt_log')).toMatchObject([{ n: versions + 1 }]);
    expect(await rows('SELECT * FROM dolt_status')).toEqual([]);
    expect(await upgrade(store, 'old1')).toEqual([]);
  });

  test('keeps every row: edges in the column of their kind, agents as wisps, blocks computed', async () => {
    await openStore().open('old1');
    await connection.query('USE old1');
    const edges = (table: string) =>
      rows(
        `SELECT issue_id AS a, COALESCE(depends_on_issue_id, depends_on_wisp_id, depends_on_external) AS b, type,
          IF(depends_on_issue_id IS NULL, IF(depends_on_wisp_id IS NULL, 'external', 'wisp'), 'issue') AS kind
          FROM ${table} ORDER BY a, b`,
      );
    expect((await edges('dependencies')).map((row) => Object.values(row).join(' '))).toEqual([
      'fx-a external:other:other-1 blocks external',
      'fx-a fx-ag related wisp',
      'fx-a fx-wisp-1 tracks wisp',
      'fx-b fx-a blocks issue',
      'fx-b gone-1 related external',
      'fx-b.1 fx-b parent-child issue',
    ]);
    expect((await edges('wisp_dependencies')).map((row) => Object.values(row).join(' '))).toEqual([
      'fx-ag fx-b tracks issue',
      'fx-wisp-1 fx-a blocks issue',
    ]);
    expect(await rows('SELECT id, is_blocked FROM issues ORDER BY id')).toEqual([
      { id: 'fx-a', is_blocked: 0 },
      { id: 'fx-b', is_blocked: 1 },
      { id: 'fx-b.1', is_blocked: 1 },
    ]);
    expect(await rows('SELECT id, ephemeral, is_blocked FROM wisps ORDER BY id')).toEqual([
      { id: 'fx-ag', ephemeral: 1, is_blocked: 0 },
      { id: 'fx-wisp-1', ephemeral: 1, is_blocked: 1 },
    ]);
    expect(await rows('SELECT text FROM comments ORDER BY text')).toEqual([
      { text: 'first' },
      { text: 'second' },
    ]);
    expect(await rows('SELECT text FROM wisp_comments')).toEqual([{ text: 'mine' }]);
    expect(await rows('SELECT label FROM wisp_labels ORDER BY label')).toEqual([
      { label: 'gt:agent' },
      { label: 'w' },
    ]);
    expect(await rows('SELECT issue_id FROM wisp_events ORDER BY issue_id')).toMatchObject([
      { issue_id: 'fx-ag' },
      { issue_id: 'fx-wisp-1' },
    ]);
    expect(await rows('SELECT * FROM custom_statuses')).toEqual([{ name: 'staged', category: 'active' }]);
    expect(await rows("SELECT `key` FROM metadata WHERE `key` LIKE 'dolt%'")).toEqual([]);
    expect(await rows("SELECT description FROM issues WHERE id = 'fx-a'")).toEqual([
      { description: 'ünï 漢' },
    ]);
  });

  test('with uncommitted changes of somebody else it is refused, and theirs stay uncommitted', async () => {
    await make('old2', [...schema32(), ...ROWS_32]);
    await connection.query("UPDATE issues SET title = 'Mine' WHERE id = 'fx-a'");
    const store = openStore();
    expect(await codeOf(upgrade(store, 'old2'))).toBe('store.uncommitted');
    expect(await rows('SELECT table_name FROM dolt_status')).toEqual([{ table_name: 'issues' }]);
  });

  test('cut off between any two statements it is finished by the next run', async () => {
    await make('whole', [...schema32(), ...ROWS_32]);
    const all = await upgradeCutOff('whole', Number.POSITIVE_INFINITY);
    // The last two come after the version commit: its mark goes, and the lock.
    for (let stop = 11; stop < all - 2; stop += 29) {
      const name = `cut${stop}`;
      await make(name, [...schema32(), ...ROWS_32]);
      await expect(upgradeCutOff(name, stop)).rejects.toThrow('cut off');
      expect(await codeOf(openStore().open(name))).toBe('store.schema-older');
      await upgrade(openStore(), name);
      expect(await formOf(name), `cut off at ${stop}`).toEqual(await formOf('ours'));
      await connection.query(`USE ${name}`);
      expect(await rows('SELECT COUNT(*) AS n FROM dependencies')).toMatchObject([{ n: 6 }]);
      expect(await rows('SELECT COUNT(*) AS n FROM events')).toMatchObject([{ n: 1 }]);
      await connection.query(`DROP DATABASE ${name}`);
    }
  });

  test('below version 32, and of bd 1.0.0, which had no versions: bd has to open it first', async () => {
    await make('old3', [...schema32(), 'DELETE FROM schema_migrations WHERE version > 20']);
    await make('old4', [...schema32(), 'DROP TABLE schema_migrations']);
    for (const name of ['old3', 'old4']) {
      const store = openStore();
      expect(await codeOf(store.open(name))).toBe('store.schema-too-old');
      expect(await codeOf(upgrade(store, name))).toBe('store.schema-too-old');
    }
  });
});
