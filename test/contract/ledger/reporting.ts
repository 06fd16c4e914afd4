import { expect, test } from 'vitest';
import { parseQuery } from '../../../src/beads/query/parse.ts';
import { GtError } from '../../../src/core/errors.ts';
import type { LedgerTown } from './setup.ts';

/** Queries, counts and reports; the clock stands at 2026-03-01 12:00, everything is made then or an hour later. */
export function reporting(town: () => LedgerTown): void {
  async function seed(): Promise<void> {
    const { rig, clock } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-e', title: 'Epic', type: 'epic', priority: 1 });
      await tx.create({
        id: 'fx-a',
        title: 'Paint it RED',
        parent: 'fx-e',
        labels: ['ui', 'gt:x'],
      });
      await tx.create({
        id: 'fx-b',
        title: 'b 100%',
        parent: 'fx-a',
        noInheritLabels: true,
        assignee: 'bob',
        metadata: { team: 'core', n: 3 },
      });
      await tx.create({
        id: 'fx-g',
        title: 'gadget',
        priority: 0,
        type: 'bug',
        dueAt: '2026-03-03T00:00:00Z',
      });
      await tx.create({ id: 'fx-w', title: 'wisp', keep: 'wisp', labels: ['ui'], description: 'Some text' });
      await tx.addEdge({ from: 'fx-g', to: 'fx-b', type: 'blocks' });
    });
    clock.advance(3_600_000);
    await rig.transaction('eve', async (tx) => {
      await tx.create({ id: 'fx-c', title: 'closed', owner: 'eve@x' });
      await tx.close('fx-c', { reason: 'done' });
      await tx.create({ id: 'fx-d', title: 'd', deferUntil: '2030-01-01T00:00:00Z' });
    });
    clock.advance(1000);
  }
  const found = async (query: string): Promise<string> => {
    const beads = await town().rig.list({ query: parseQuery(query), order: 'id' });
    return beads.map((bead) => bead.id.slice(3)).join('');
  };

  test('a query finds what it says, NOT of it all the rest', async () => {
    await seed();
    const cases: readonly (readonly [query: string, ids: string])[] = [
      ['status=open', 'abdegw'],
      ['status!=closed AND priority<2', 'eg'],
      ['priority>=P2 AND NOT type=task', ''],
      ['type=bug OR type=epic', 'eg'],
      ['title=red', 'a'],
      ['title~100%', 'b'],
      ['title~_', ''],
      ['description=none AND NOT id=fx-e', 'abcdg'],
      ['notes=none', 'abcdegw'],
      ['assignee=none', 'acdegw'],
      ['assignee=b*', 'b'],
      ['assignee=B*', 'b'],
      ['assignee=bo', ''],
      ['assignee~O', 'b'],
      ['owner=eve@x', 'c'],
      ['created_by=eve', 'cd'],
      ['label=ui', 'aw'],
      ['label!=ui', 'bcdeg'],
      ['label=gt:*', 'a'],
      ['label=none', 'bcdeg'],
      ['label=ui AND ephemeral=true', 'w'],
      ['parent=fx-e', 'a'],
      ['parent!=none', 'ab'],
      ['blocked=true', 'g'],
      ['created>1h', 'cd'],
      ['created<=2026-03-01', 'abcdegw'],
      ['created=today AND updated>=2026-03-01T13:00:00Z', 'cd'],
      ['created<2026-03-01', ''],
      ['closed>1d', 'c'],
      ['NOT closed>1d', 'abdegw'],
      ['closed=none', 'abdegw'],
      ['due<3d', 'g'],
      ['due<1d', ''],
      ['defer!=none', 'd'],
      ['metadata.team=core', 'b'],
      ['metadata.n=3', 'b'],
      ['metadata.team!=core', 'acdegw'],
      ['has_metadata_key=n', 'b'],
      ['id=fx-*', 'abcdegw'],
      ['(label=ui OR assignee=bob) AND NOT (title~wisp OR priority=0)', 'ab'],
      [`title="' OR '1'='1"`, ''],
      [`label="x'; DROP TABLE issues; --"`, ''],
    ];
    const answers = [];
    for (const [query] of cases) answers.push([query, await found(query)] as const);
    expect(answers).toEqual(cases);
    for (const [query, ids] of cases) {
      const rest = 'abcdegw'
        .split('')
        .filter((letter) => !ids.includes(letter))
        .join('');
      expect([query, await found(`NOT (${query})`)]).toEqual([query, rest]);
    }
  });

  test.each([
    ['colour=red', 'query.field'],
    ['priority~1', 'query.field'],
    ['pinned=maybe', 'query.value'],
    ['priority=9', 'bead.bad-priority'],
    ['created>whenever', 'bead.bad-time'],
    [`metadata.a"b=1`, 'query.syntax'],
    ['has_metadata_key="a b"', 'bead.bad-metadata-key'],
  ])('%s is refused: %s', async (query, code) => {
    const error = await found(query).catch((thrown: unknown) => thrown);
    expect(error instanceof GtError ? error.code : error).toBe(code);
  });

  test('counts by group, statistics and epics agree with the rows', async () => {
    await seed();
    const { rig } = town();
    const by = async (group: 'status' | 'priority' | 'type' | 'assignee' | 'label') =>
      Object.fromEntries(await rig.countBy({}, group));
    expect(await by('status')).toEqual({ open: 6, closed: 1 });
    expect(await by('priority')).toEqual({ 0: 1, 1: 1, 2: 5 });
    expect(await by('assignee')).toEqual({ '': 6, bob: 1 });
    expect(await by('label')).toEqual({ '': 5, ui: 2, 'gt:x': 1 });
    expect(await rig.statistics()).toEqual({
      total: 6,
      open: 5,
      inProgress: 0,
      closed: 1,
      blocked: 1,
      deferred: 0,
      ready: (await rig.ready({ tables: ['issues'] })).length,
      pinned: 0,
      closableEpics: 0,
      leadTimeHours: 0,
    });
    expect(await rig.statistics('bob')).toMatchObject({ total: 1, open: 1, ready: 1, blocked: 0 });
    expect((await rig.epics()).map(({ epic, total, closed }) => [epic.id, total, closed])).toEqual([
      ['fx-e', 1, 0],
    ]);
    town().clock.advance(2 * 3_600_000);
    await rig.transaction('ann', (tx) => tx.close('fx-a', { reason: 'done', force: true }));
    expect(await rig.epics()).toMatchObject([{ total: 1, closed: 1 }]);
    // One took no time, the other three hours.
    expect(await rig.statistics()).toMatchObject({ closableEpics: 1, closed: 2, leadTimeHours: 1.5 });
  });

  test('the ready count leaves out children of what is put off', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-p', title: 'later', type: 'epic', deferUntil: '2030-01-01T00:00:00Z' });
      await tx.create({ id: 'fx-k', title: 'its child', parent: 'fx-p' });
      await tx.create({ id: 'fx-r', title: 'ready' });
    });
    expect((await rig.ready({})).map((bead) => bead.id)).toEqual(['fx-r']);
    expect(await rig.statistics()).toMatchObject({ ready: 1 });
  });

  test('ready and blocked below a bead reach grandchildren, in any order of pages', async () => {
    await seed();
    const { rig } = town();
    const ids = (beads: readonly { readonly id: string }[]) => beads.map((bead) => bead.id);
    expect(ids(await rig.ready({ below: 'fx-e', order: 'oldest' }))).toEqual(['fx-a', 'fx-b']);
    expect(await rig.blocked('fx-e')).toEqual([]);
    await rig.transaction('ann', (tx) => tx.addEdge({ from: 'fx-g', to: 'fx-a', type: 'parent-child' }));
    expect(ids((await rig.blocked('fx-e')).map(({ bead }) => bead))).toEqual(['fx-g']);
    const pages = await Promise.all([1, 2, 3].map((limit) => rig.list({ order: 'id', limit })));
    expect(pages.map(ids)).toEqual([['fx-a'], ['fx-a', 'fx-b'], ['fx-a', 'fx-b', 'fx-c']]);
  });
}
