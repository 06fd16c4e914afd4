import { expect, test } from 'vitest';
import { pickIssues } from '../../../src/beads/read/first-page.ts';
import { readyCondition } from '../../../src/beads/read/ready.ts';
import { insertRows } from '../../../src/beads/sql/insert-rows.ts';
import { newRow } from '../../../src/beads/write/new-row.ts';
import type { Ledger } from '../../../src/beads/types.ts';
import type { SqlRow } from '../../../src/ports/store.ts';
import { START, scopeOf, type LedgerTown } from './setup.ts';

const COUNT = 400;
const LIMITS = [1, 2, 3, 5, 8, 13];

interface Facts {
  readonly priority: number;
  /** Minutes before now. */
  readonly age: number;
  readonly status?: string;
}

/** Bead by number, from the oldest to the newest. */
const MIXES: Readonly<Record<string, (index: number) => Facts>> = {
  'five priorities in equal use': (index) => ({ priority: index % 5, age: COUNT - index }),
  'two urgent ones of long ago': (index) => ({ priority: index < 2 ? 0 : 2, age: COUNT - index }),
  'urgent work closed, but for some old ones': (index) => ({
    priority: index < 150 ? 1 : 3,
    age: COUNT - index,
    status: index < 150 && index % 30 > 0 ? 'closed' : 'open',
  }),
  'more urgent work than a page, all of it old': (index) => ({
    priority: index < 60 ? 0 : 4,
    age: COUNT - index,
  }),
  'all made in one second': (index) => ({ priority: index % 3, age: 1 }),
  'many made in each second': (index) => ({ priority: index % 2, age: Math.floor(index / 7) }),
  'the newest put off, held or done': (index) => ({
    priority: index % 4,
    age: COUNT - index,
    status: ['open', 'closed', 'deferred', 'open'][index > 300 ? index % 3 : 3] ?? 'open',
  }),
};

export function readyPages(town: () => LedgerTown): void {
  test.each(Object.keys(MIXES))('%s: the first page is the beginning of the whole list', async (mix) => {
    const { rig } = town();
    await fill(town(), mix);
    const all = ids(await rig.ready({}));
    for (const limit of LIMITS) expect(ids(await rig.ready({ limit }))).toEqual(all.slice(0, limit));
    expect(ids(await rig.ready({ limit: 3, includeEphemeral: true }))).toEqual(all.slice(0, 3));
    const open = { notStatus: ['closed', 'pinned'], notType: ['gate'], pinned: false };
    const listed = ids(await rig.list(open));
    for (const limit of LIMITS)
      expect(ids(await rig.list({ ...open, limit }))).toEqual(listed.slice(0, limit));
    const upward = ids(await rig.list({ ...open, reverse: true, limit: 3 }));
    expect(upward).toEqual(listed.slice(-3).toReversed());
  });

  test('a page is picked from the newest and the most urgent, and not at all where that would cost more', async () => {
    const { rig } = town();
    await fill(town(), 'five priorities in equal use');
    const all = ids(await rig.ready({}));
    expect(await pick(town(), 3)).toEqual(all.slice(0, 3));
    expect(await pick(town(), 100)).toBeUndefined();
    await fill(town(), 'two urgent ones of long ago');
    expect(await pick(town(), 3)).toEqual(ids(await rig.ready({})).slice(0, 3));
    await fill(town(), 'all made in one second');
    expect(await pick(town(), 3)).toBeUndefined();
  });
}

function ids(beads: Awaited<ReturnType<Ledger['ready']>>): readonly string[] {
  return beads.map((bead) => bead.id);
}

async function pick(
  { store, rig, clock }: LedgerTown,
  limit: number,
): Promise<readonly string[] | undefined> {
  const scope = scopeOf(await store.open(rig.database), rig.prefix, clock);
  const where = () => readyCondition(scope, {}, 'issues');
  return pickIssues(scope, { where, limit, candidates: "is_blocked = 0 AND status = 'open'" });
}

async function fill({ store, rig }: LedgerTown, mix: string): Promise<void> {
  const database = await store.open(rig.database);
  await database.transaction(async (sql) => {
    await sql.run('DELETE FROM issues');
    await insertRows(
      sql,
      'issues',
      Array.from({ length: COUNT }, (_, index) => rowOf(index, MIXES[mix]?.(index))),
    );
  });
}

function rowOf(index: number, { priority, age, status = 'open' }: Facts = { priority: 2, age: 1 }): SqlRow {
  const now = new Date(START - age * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  // Ids in an order of their own: with equal times they decide.
  const id = `fx-${((index * 7919) % 46_649).toString(36).padStart(3, '0')}`;
  return newRow({ title: `Task ${index}`, priority }, { id, type: 'task', status, actor: 'ann', now });
}
