import { expect, test } from 'vitest';
import { codeOf, type LedgerTown } from './setup.ts';

export function creatingBeads(town: () => LedgerTown): void {
  test('a new bead reads back as it was written', async () => {
    const { rig } = town();
    const made = await rig.transaction('proj/crew/ann', (tx) =>
      tx.create({
        title: "Robert'); DROP TABLE issues;--",
        description: 'Luhn & co; "quotes" — ünïcode 漢字 🐺\n% _ \\ end',
        design: 'd',
        acceptanceCriteria: 'a',
        notes: 'n',
        type: 'bug',
        priority: 0,
        assignee: 'proj/crew/bob',
        owner: 'ann@example.com',
        externalRef: 'gh-9',
        metadata: { script: { cmd: 'echo "hi"' }, n: 3 },
        labels: ['urgent', 'money', 'urgent'],
        deferUntil: '2030-01-01',
        dueAt: '2030-01-02T03:04:05.9Z',
        estimatedMinutes: 15,
      }),
    );
    const read = await rig.get(made.id);
    expect(read).toEqual(made);
    expect(read).toMatchObject({
      table: 'issues',
      title: "Robert'); DROP TABLE issues;--",
      description: 'Luhn & co; "quotes" — ünïcode 漢字 🐺\n% _ \\ end',
      priority: 0,
      createdBy: 'proj/crew/ann',
      metadata: { script: { cmd: 'echo "hi"' }, n: 3 },
      labels: ['money', 'urgent'],
      deferUntil: '2030-01-01T00:00:00Z',
      dueAt: '2030-01-02T03:04:05Z',
      createdAt: '2026-03-01T12:00:00Z',
      isBlocked: false,
    });
    expect((await rig.events(made.id)).map((event) => event.type)).toEqual([
      'created',
      'label_added',
      'label_added',
    ]);
  });

  test('an id is the prefix and three base-36 characters, a wisp has its own stem', async () => {
    const { rig } = town();
    const [issue, wisp, kept] = await rig.transaction('ann', async (tx) => [
      await tx.create({ title: 'Issue' }),
      await tx.create({ title: 'Heartbeat', keep: 'wisp', wispType: 'heartbeat' }),
      await tx.create({ title: 'Merge request', keep: 'no-history' }),
    ]);
    expect(issue?.id).toMatch(/^fx-[0-9a-z]{3}$/);
    expect(wisp?.id).toMatch(/^fx-wisp-[0-9a-z]{3}$/);
    expect(wisp).toMatchObject({ table: 'wisps', ephemeral: true, noHistory: false });
    expect(kept).toMatchObject({ table: 'wisps', ephemeral: false, noHistory: true });
  });

  test('a taken id is refused and the bead that has it stays as it was', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-mine', title: 'First' }));
    const again = rig.transaction('bob', (tx) => tx.create({ id: 'fx-mine', title: 'Second', keep: 'wisp' }));
    expect(await codeOf(again)).toBe('bead.exists');
    expect((await rig.get('fx-mine'))?.title).toBe('First');
  });

  test('P5: an id of another database cannot be made here', async () => {
    const { rig, hq } = town();
    expect(await codeOf(rig.transaction('a', (tx) => tx.create({ id: 'hq-x', title: 'T' })))).toBe(
      'bead.foreign-prefix',
    );
    expect(await codeOf(rig.transaction('a', (tx) => tx.create({ id: 'fx', title: 'T' })))).toBe(
      'bead.bad-id',
    );
    await hq.transaction('a', (tx) => tx.create({ id: 'hq-cv-abcde', title: 'Convoy', type: 'convoy' }));
    expect((await hq.get('hq-cv-abcde'))?.type).toBe('convoy');
  });

  test('children count up, inherit labels unless told not to, and stop three levels down', async () => {
    const { rig } = town();
    const { first, second, deep } = await rig.transaction('ann', async (tx) => {
      const epic = await tx.create({ id: 'fx-epic', title: 'Epic', type: 'epic', labels: ['area:pay'] });
      const first = await tx.create({ title: 'One', parent: epic.id, labels: ['x'] });
      const second = await tx.create({ title: 'Two', parent: epic.id, noInheritLabels: true });
      const third = await tx.create({ title: 'Three', parent: first.id });
      return { first, second, deep: await tx.create({ title: 'Four', parent: third.id }) };
    });
    expect([first.id, second.id, deep.id]).toEqual(['fx-epic.1', 'fx-epic.2', 'fx-epic.1.1.1']);
    expect(first.labels).toEqual(['area:pay', 'x']);
    expect(second.labels).toEqual([]);
    expect(await codeOf(rig.transaction('ann', (tx) => tx.create({ title: 'Five', parent: deep.id })))).toBe(
      'bead.too-deep',
    );
    expect(await rig.edgesFrom([second.id])).toMatchObject([{ to: 'fx-epic', type: 'parent-child' }]);
  });

  test('a deleted child leaves its number behind', async () => {
    const { rig } = town();
    const ids = await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-epic', title: 'Epic', type: 'epic' });
      const one = await tx.create({ title: 'One', parent: 'fx-epic' });
      await tx.delete(one.id);
      const two = await tx.create({ title: 'Two', parent: 'fx-epic' });
      await tx.create({ id: 'fx-epic.7', title: 'Chosen' });
      return [one.id, two.id, (await tx.create({ title: 'Next', parent: 'fx-epic' })).id];
    });
    expect(ids).toEqual(['fx-epic.1', 'fx-epic.2', 'fx-epic.8']);
  });

  test.each([
    ['--help', 'bead.flag-like-title'],
    ['   ', 'bead.bad-title'],
    ['x'.repeat(501), 'bead.bad-title'],
  ])('the title %j is refused', async (title, code) => {
    const { rig } = town();
    expect(await codeOf(rig.transaction('ann', (tx) => tx.create({ title })))).toBe(code);
    expect(await rig.list({})).toEqual([]);
  });

  test.each([
    [{ type: 'wish' }, 'bead.bad-type'],
    [{ status: 'lost' }, 'bead.bad-status'],
    [{ priority: 7 }, 'bead.bad-priority'],
    [{ labels: ['a,b'] }, 'bead.bad-label'],
    [{ metadata: { "a'b": 1 } }, 'bead.bad-metadata-key'],
    [{ deferUntil: 'whenever' }, 'bead.bad-time'],
    [{ parent: 'fx-none' }, 'bead.not-found'],
  ])('%j is refused and nothing is written', async (wrong, code) => {
    const { rig } = town();
    expect(await codeOf(rig.transaction('ann', (tx) => tx.create({ title: 'T', ...wrong })))).toBe(code);
    expect(await rig.list({})).toEqual([]);
  });

  test('NUL bytes and lone surrogates do not reach the rows', async () => {
    const { rig } = town();
    const made = await rig.transaction('ann', (tx) =>
      tx.create({ title: 'T\0itle', description: 'a\0b\uD800c' }),
    );
    expect(made).toMatchObject({ title: 'Title', description: 'ab\uFFFDc' });
    expect(await rig.get(made.id)).toEqual(made);
  });

  test('type aliases and configured types and statuses are understood', async () => {
    const { rig } = town();
    const made = await rig.transaction('ann', async (tx) => {
      await tx.setConfig('types.custom', 'agent,ritual');
      await tx.setConfig('status.custom', 'waiting:active,staged_ready');
      await tx.create({ id: 'fx-a', title: 'A', type: 'Enhancement' });
      return tx.create({ title: 'R', type: 'ritual', status: 'waiting' });
    });
    expect(made).toMatchObject({ type: 'ritual', status: 'waiting' });
    expect((await rig.get('fx-a'))?.type).toBe('feature');
  });

  test('a graph takes no id that either table has', async () => {
    const { rig } = town();
    await rig.transaction('ann', (tx) => tx.create({ id: 'fx-a.x', title: 'Issue' }));
    const graph = { beads: [{ id: 'fx-a.x', title: 'Twin', keep: 'wisp' as const }], edges: [] };
    expect(await codeOf(rig.transaction('ann', (tx) => tx.createGraph(graph)))).toBe('bead.exists');
  });
}
