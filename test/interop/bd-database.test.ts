import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { createLedgers } from '../../src/beads/ledgers.ts';
import type { Ledger } from '../../src/beads/types.ts';
import type { Store } from '../../src/ports/store.ts';
import { systemRandom } from '../contract/ledger/setup.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';

describeWithDolt('a database that real bd 1.0.5 made', () => {
  let town: TestTown;
  let store: Store;
  let ledger: Ledger;
  beforeAll(async () => {
    town = await startTestTown();
    await load(join(import.meta.dirname, 'fixtures/bd-1.0.5/database.sql'));
    store = createDoltStore({ ...town.storeOptions, clock: createClock(), isTest: true });
    ledger = await createLedgers({
      store,
      routes: async () => [{ prefix: 'fx', database: 'fx' }],
      clock: createClock(),
      random: systemRandom,
    }).open('fx');
  });
  afterAll(async () => {
    await store?.close();
    await town?.dispose();
  });

  async function load(file: string): Promise<void> {
    const connection = await createConnection(town.storeOptions);
    // One statement ends with each line that ends in `;`; the texts in this dump hold no such line.
    const statements = readFileSync(file, 'utf8')
      .replace('; USE', ';\nUSE')
      .split(/;\s*\n/);
    for (const statement of statements) if (statement.trim() !== '') await connection.query(statement);
    await connection.end();
  }

  test('opens: its prefix and every row read as bd prints them', async () => {
    expect(ledger.prefix).toBe('fx');
    expect((await ledger.list({ order: 'id' })).map((bead) => [bead.id, bead.table, bead.status])).toEqual([
      ['fx-7ep', 'issues', 'open'],
      ['fx-7ep.1', 'issues', 'open'],
      ['fx-7ep.2', 'issues', 'open'],
      ['fx-7ep.3', 'issues', 'open'],
      ['fx-m0z', 'issues', 'open'],
      ['fx-nek', 'issues', 'open'],
      ['fx-proj-witness', 'wisps', 'open'],
      ['fx-wisp-tx1', 'wisps', 'open'],
    ]);
    expect(await ledger.get('fx-nek')).toMatchObject({
      assignee: 'alice',
      labels: ['money', 'urgent'],
      startedAt: '2026-11-22T12:25:15Z',
      metadata: {},
    });
    expect((await ledger.comments('fx-nek')).map((comment) => comment.text)).toEqual(['seen in prod']);
    expect((await ledger.events('fx-nek')).map((event) => event.type).toSorted()).toEqual(
      ['claimed', 'closed', 'created', 'label_added', 'label_added', 'reopened'].toSorted(),
    );
    expect((await ledger.edgesFrom(['fx-7ep.1'])).map((edge) => [edge.type, edge.to])).toEqual([
      ['blocks', 'fx-7ep.2'],
      ['parent-child', 'fx-7ep'],
    ]);
  });

  test('our rules agree with what bd wrote into is_blocked', async () => {
    expect(await ledger.recomputeBlocked()).toBe(0);
    expect((await ledger.blocked()).map(({ bead, blockedBy }) => [bead.id, blockedBy])).toEqual([
      ['fx-7ep.1', ['fx-7ep.2']],
    ]);
  });

  test('a bead of ours is the same row, column by column, as bd made for the same call', async () => {
    const made = await ledger.transaction('alice', (tx) =>
      tx.create({ title: 'Recorded create', owner: 't@e.x' }),
    );
    const database = await store.open('fx');
    const rowOf = async (id: string) => {
      const [row] = await database.query('SELECT * FROM issues WHERE id = ?', [id]);
      return { ...row, id: '', created_at: '', updated_at: '' };
    };
    expect(await rowOf(made.id)).toEqual(await rowOf('fx-m0z'));
    await ledger.transaction('alice', (tx) => tx.delete(made.id));
  });

  test('our writes continue where bd stopped: the next child number, and the block ends with the blocker', async () => {
    const child = await ledger.transaction('ann', (tx) => tx.create({ title: 'Next', parent: 'fx-7ep' }));
    expect(child.id).toBe('fx-7ep.4');
    await ledger.transaction('ann', (tx) => tx.close('fx-7ep.2', { reason: 'done' }));
    expect((await ledger.get('fx-7ep.1'))?.isBlocked).toBe(false);
    // The view is bd's own definition of ready, in SQL.
    const view = await (await store.open('fx')).query('SELECT id FROM ready_issues ORDER BY id');
    const ours = await ledger.ready({ type: ['task', 'bug', 'epic', 'feature'] });
    expect(ours.map((bead) => bead.id as string).toSorted()).toEqual(view.map((row) => row['id']));
  });
});
