import { expect, test } from 'vitest';
import type { Bead, BeadPatch, NewBead } from '../../../src/beads/types.ts';
import type { LedgerTown } from './setup.ts';

const KEEPS = ['issue', 'wisp', 'no-history'] as const;
/** Of each table a bead. */
const PLACES = [{ keep: 'issue' }, { keep: 'wisp' }] as const;
const STATUSES = ['open', 'in_progress', 'blocked', 'deferred', 'hooked', 'shipped', 'closed', 'pinned'];
const BLOCKING = ['blocks', 'conditional-blocks', 'waits-for', 'parent-child'];
// prettier-ignore
const INFORMING = [
  'related', 'discovered-from', 'replies-to', 'relates-to', 'duplicates', 'supersedes', 'authored-by', 'assigned-to',
  'approved-by', 'attests', 'tracks', 'until', 'caused-by', 'validates', 'delegated-from', 'reviewed-with',
];

/** A field of a new bead, and how it reads back where that differs. */
const FIELDS: readonly (readonly [Partial<NewBead>, Partial<Bead>?])[] = [
  [{ title: 'x'.repeat(500) }],
  [{ description: 'line\n\n\tline ' }],
  [{ design: '# Design' }],
  [{ acceptanceCriteria: '- [ ] it works' }],
  [{ notes: 'n' }],
  [{ type: 'feat' }, { type: 'feature' }],
  [{ type: 'merge-request' }],
  [{ priority: 0 }],
  [{ status: 'hooked', assignee: 'proj/polecats/nux' }],
  [{ status: 'in_progress' }, { status: 'in_progress', startedAt: '2026-03-01T12:00:00Z' }],
  [{ status: 'closed' }, { status: 'closed', closedAt: '2026-03-01T12:00:00Z' }],
  [{ owner: 'ann@example.com' }],
  [{ externalRef: 'gh-9' }],
  [{ metadata: { 'a.b-c': [1, { d: null }], text: 'ü' } }],
  [{ labels: ['b', 'a', 'b'] }, { labels: ['a', 'b'] }],
  [{ deferUntil: '2030-01-01' }, { deferUntil: '2030-01-01T00:00:00Z' }],
  [{ dueAt: '2030-01-02T03:04:05.999+02:00' }, { dueAt: '2030-01-02T01:04:05Z' }],
  [{ wispType: 'heartbeat', molType: 'patrol' }],
  [{ estimatedMinutes: 0 }],
  [{ agentState: 'working', roleType: 'witness', rig: 'proj' }],
  [{ awaitType: 'timer', awaitId: 'x', timeoutMs: 17_280_000_000 }],
  [{ isTemplate: true }],
];

/** A change, and how it reads back where that differs. */
const PATCHES: readonly (readonly [BeadPatch, Partial<Bead>?])[] = [
  [{ title: "it's new" }],
  [{ description: '' }],
  [{ design: 'd2', acceptanceCriteria: 'a2', notes: 'n2' }],
  [{ type: 'bug', priority: 4 }],
  [
    { status: 'deferred', deferUntil: '2030-01-01' },
    { status: 'deferred', deferUntil: '2030-01-01T00:00:00Z' },
  ],
  [
    { deferUntil: null, dueAt: null },
    { deferUntil: undefined, dueAt: undefined },
  ],
  [{ assignee: '' }],
  [{ externalRef: null }, { externalRef: undefined }],
  [{ metadata: { keep: 2, gone: null } }, { metadata: { keep: 2, other: 'o' } }],
  [{ estimatedMinutes: null }, { estimatedMinutes: undefined }],
  [{ agentState: 'idle', hookBead: 'fx-z', roleBead: 'fx-r' }],
  [{ awaitId: 'run-7', waiters: ['a', 'b'] }],
  [{ pinned: true }],
];
const BEFORE: Partial<NewBead> = {
  description: 'd',
  assignee: 'bob',
  externalRef: 'gh-1',
  metadata: { keep: 1, gone: 'g', other: 'o' },
  deferUntil: '2029-01-01',
  dueAt: '2029-01-01',
  estimatedMinutes: 5,
};

/** What keeps an otherwise ready bead from being offered; `ready` where nothing does. */
const OFFERS: readonly (readonly [why: string, Partial<NewBead>, BeadPatch, 'ready' | 'not'])[] = [
  ['a plain task', {}, {}, 'ready'],
  ...['bug', 'feature', 'chore', 'epic', 'decision', 'spike', 'story', 'milestone', 'convoy'].map(
    (type) => [`a ${type}`, { type }, {}, 'ready'] as const,
  ),
  ...['merge-request', 'gate', 'molecule', 'message', 'agent', 'role', 'rig'].map(
    (type) => [`a ${type}`, { type }, {}, 'not'] as const,
  ),
  ...STATUSES.filter((status) => status !== 'open').map(
    (status) => [`status ${status}`, { status }, {}, 'not'] as const,
  ),
  ['pinned', {}, { pinned: true }, 'not'],
  ['a wisp', { keep: 'wisp' }, {}, 'not'],
  ['kept without history', { keep: 'no-history' }, {}, 'ready'],
  ['put off until later', { deferUntil: '2026-03-01T12:00:01Z' }, {}, 'not'],
  ['put off until now', { deferUntil: '2026-03-01T12:00:00Z' }, {}, 'ready'],
  ['a template', { isTemplate: true }, {}, 'not'],
  ['assigned to somebody', { assignee: 'bob' }, {}, 'ready'],
  ['below one that is put off', { parent: 'fx-late' }, {}, 'not'],
  ['below one that is blocked', { parent: 'fx-held' }, {}, 'not'],
  ['below one that is open', { parent: 'fx-epic' }, {}, 'ready'],
];

function asRead<Given extends object>(
  rows: readonly (readonly [Given, Partial<Bead>?])[],
): { readonly given: Given; readonly read: object }[] {
  return rows.map(([given, read]) => ({ given, read: { ...given, ...read } }));
}

/** Every field, edge type and status by table: what one engine takes the other takes alike. */
export function everyValue(town: () => LedgerTown): void {
  test.each(asRead(FIELDS))('created with $given, in either table', async ({ given, read }) => {
    const { rig } = town();
    for (const keep of KEEPS) {
      const made = await rig.transaction('ann', (tx) => tx.create({ title: 'T', ...given, keep }));
      expect(made).toMatchObject({ ...read, table: keep === 'issue' ? 'issues' : 'wisps' });
      expect(await rig.get(made.id)).toEqual(made);
    }
  });

  test.each(asRead(PATCHES))('changed by $given, in either table', async ({ given, read }) => {
    const { rig } = town();
    for (const keep of KEEPS) {
      const made = await rig.transaction('ann', (tx) => tx.create({ title: 'T', ...BEFORE, keep }));
      const changed = await rig.transaction('eve', (tx) => tx.update(made.id, given));
      expect(changed).toMatchObject(read);
      expect(await rig.get(made.id)).toEqual(changed);
      const { id, createdAt, createdBy, owner, labels } = made;
      expect(changed).toMatchObject({ id, createdAt, createdBy, owner, labels });
    }
  });

  test.each([...BLOCKING.map((type) => [type]), INFORMING])(
    'an edge of type %s joins either table with either, and only blocking ones hold back',
    async (...types) => {
      const { rig } = town();
      // One type in all four ways, many types in turn.
      const joins = PLACES.flatMap((from) => PLACES.map((to) => ({ from, to })));
      const count = Math.max(joins.length, types.length);
      const seen = await rig.transaction('ann', async (tx) => {
        for (let index = 0; index < count; index += 1) {
          const { from, to } = joins[index % joins.length] ?? {};
          await tx.create({ id: `fx-t${index}`, title: 'target', ...to });
          await tx.create({ id: `fx-f${index}`, title: 'from', ...from });
          await tx.create({ title: 'child', parent: `fx-t${index}` });
          const type = types[index % types.length] ?? '';
          await tx.addEdge({ from: `fx-f${index}`, to: `fx-t${index}`, type, metadata: '{"by":"ann"}' });
        }
        return tx.list({ titleContains: 'from', order: 'id' });
      });
      const holds = types.every((type) => BLOCKING.includes(type) && type !== 'parent-child');
      expect(seen.map(({ isBlocked }) => isBlocked)).toEqual(Array.from({ length: count }, () => holds));
      const edges = await rig.edgesFrom(seen.map(({ id }) => id));
      expect(new Set(edges.map(({ type }) => type))).toEqual(new Set(types));
      for (const { external, metadata } of edges)
        expect([external, JSON.parse(metadata)]).toEqual([false, { by: 'ann' }]);
      expect(await rig.recomputeBlocked()).toBe(0);
      await rig.transaction('ann', async (tx) => {
        for (const edge of edges) expect(await tx.removeEdge(edge.from, edge.to)).toBe(true);
      });
      expect(await rig.count({ blocked: true })).toBe(0);
    },
  );

  test('an edge to another database never holds back, whatever its type', async () => {
    const { rig, hq } = town();
    const types = [...BLOCKING, ...INFORMING];
    await hq.transaction('ann', (tx) => tx.create({ id: 'hq-far', title: 'far' }));
    await rig.transaction('ann', async (tx) => {
      for (const [index, type] of types.entries()) {
        const { id } = await tx.create({ title: 'near', ...PLACES[index % PLACES.length] });
        await tx.addEdge({ from: id, to: 'hq-far', type });
        await tx.addEdge({ from: id, to: 'external:proj:a-capability', type });
      }
    });
    expect(await rig.count({ blocked: true })).toBe(0);
    const edges = await rig.edgesTo(['hq-far']);
    expect(edges.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
    expect(edges.every(({ external }) => external)).toBe(true);
  });

  test.each(STATUSES)('who depends on a bead with status %s', async (status) => {
    const { rig } = town();
    const seen = await rig.transaction('ann', async (tx) => {
      await tx.setConfig('status.custom', 'shipped:done');
      await tx.create({ id: 'fx-cause', title: 'cause' });
      await tx.create({ id: 'fx-spawner', title: 'spawner' });
      await tx.addEdge({ from: 'fx-cause', to: 'fx-spawner', type: 'parent-child' });
      for (const id of ['fx-blocked', 'fx-cond', 'fx-all', 'fx-any', 'fx-under'])
        await tx.create({ id, title: id });
      await tx.addEdge({ from: 'fx-blocked', to: 'fx-cause', type: 'blocks' });
      await tx.addEdge({ from: 'fx-cond', to: 'fx-cause', type: 'conditional-blocks' });
      await tx.addEdge({ from: 'fx-all', to: 'fx-spawner', type: 'waits-for' });
      const metadata = '{"gate":"any-children"}';
      await tx.addEdge({ from: 'fx-any', to: 'fx-spawner', type: 'waits-for', metadata });
      await tx.addEdge({ from: 'fx-under', to: 'fx-blocked', type: 'parent-child' });
      if (status === 'closed') await tx.close('fx-cause', { reason: 'done' });
      else await tx.update('fx-cause', { status });
      return tx.list({ blocked: true, order: 'id' });
    });
    // Also a custom status that means done holds back: only closed and pinned let go.
    const holds = status !== 'closed' && status !== 'pinned';
    expect(seen.map(({ id }) => id)).toEqual(
      holds ? ['fx-all', 'fx-any', 'fx-blocked', 'fx-cond', 'fx-under'] : [],
    );
    await rig.transaction('ann', (tx) => tx.setConfig('status.custom', undefined));
  });

  test('what is offered as ready, by kind, status and surroundings', async () => {
    const { rig } = town();
    const offered = await rig.transaction('ann', async (tx) => {
      await tx.setConfig('status.custom', 'shipped:done');
      await tx.create({ id: 'fx-late', title: 'late', deferUntil: '2030-01-01' });
      await tx.create({ id: 'fx-epic', title: 'epic' });
      await tx.create({ id: 'fx-held', title: 'held' });
      await tx.addEdge({ from: 'fx-held', to: 'fx-epic', type: 'blocks' });
      for (const [why, fields, patch] of OFFERS) {
        const { id } = await tx.create({ title: why, noInheritLabels: true, ...fields });
        if (Object.keys(patch).length > 0) await tx.update(id, patch);
      }
      return tx.ready({});
    });
    const titles = new Set(offered.map(({ title }) => title));
    expect(OFFERS.map(([why]) => [why, titles.has(why) ? 'ready' : 'not'])).toEqual(
      OFFERS.map(([why, , , expected]) => [why, expected]),
    );
    await rig.transaction('ann', (tx) => tx.setConfig('status.custom', undefined));
  });

  test.each(['plain', "it's; -- `q` %_", '{"a": [1]}', '漢字 🎉', ' spaces \n lines ', 'x'.repeat(60_000)])(
    'the value %j is kept under a key, replaced, and removed',
    async (value) => {
      const { rig } = town();
      const set = (text: string | undefined) =>
        rig.transaction('ann', (tx) => tx.setConfig('kv.memory.a-key', text));
      await set(value);
      expect((await rig.config()).get('kv.memory.a-key')).toBe(value);
      await set('other');
      expect((await rig.config()).get('kv.memory.a-key')).toBe('other');
      await set(undefined);
      expect((await rig.config()).has('kv.memory.a-key')).toBe(false);
    },
  );
}
