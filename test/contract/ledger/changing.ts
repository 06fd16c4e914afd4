import { expect, test } from 'vitest';
import { codeOf, type LedgerTown } from './setup.ts';

export function changingBeads(town: () => LedgerTown): void {
  async function bead(fields: object = {}) {
    return town().rig.transaction('ann', (tx) => tx.create({ id: 'fx-a', title: 'A', ...fields }));
  }

  test('an update changes what it names, keeps the rest and tells the event log both sides', async () => {
    const { rig, clock } = town();
    await bead({ description: 'keep', metadata: { a: '1', b: '2' }, labels: ['l'] });
    clock.advance(60_000);
    const after = await rig.transaction('bob', (tx) =>
      tx.update('fx-a', { priority: 0, metadata: { b: null, c: '3' } }),
    );
    expect(after).toMatchObject({
      description: 'keep',
      priority: 0,
      metadata: { a: '1', c: '3' },
      labels: ['l'],
      updatedAt: '2026-03-01T12:01:00Z',
    });
    const event = (await rig.events('fx-a')).at(-1);
    expect(event).toMatchObject({ type: 'updated', actor: 'bob' });
    expect(JSON.parse(event?.oldValue ?? '')).toMatchObject({ id: 'fx-a', priority: 2, labels: ['l'] });
    expect(JSON.parse(event?.newValue ?? '')).toEqual({ metadata: { a: '1', c: '3' }, priority: 0 });
  });

  test('an update that changes nothing leaves no event and no new time', async () => {
    const { rig, clock } = town();
    const before = await bead({ assignee: 'x' });
    clock.advance(60_000);
    await rig.transaction('bob', (tx) => tx.update('fx-a', { title: 'A', assignee: 'x', status: 'open' }));
    expect(await rig.get('fx-a')).toEqual(before);
    expect(await rig.events('fx-a')).toHaveLength(1);
  });

  test.each([
    ['status', { status: 'hooked' }],
    ['one of several statuses', { status: ['hooked', 'closed'] }],
    ['assignee', { assignee: 'p/polecats/other' }],
    ['empty assignee', { assignee: '' }],
    ['metadata value', { metadata: { dispatch: '01B' } }],
    ['absent metadata key', { metadata: { dispatch: null } }],
  ])('a guard on the %s that does not hold stops the update', async (_, guard) => {
    const { rig } = town();
    await bead({ assignee: 'p/polecats/me', metadata: { dispatch: '01A' } });
    const before = await rig.get('fx-a');
    const write = rig.transaction('ann', (tx) => tx.update('fx-a', { notes: 'n' }, guard));
    expect(await codeOf(write)).toBe('bead.changed');
    expect(await rig.get('fx-a')).toEqual(before);
  });

  test('a guard is checked even when nothing would change', async () => {
    const { rig } = town();
    await bead();
    const write = rig.transaction('ann', (tx) => tx.update('fx-a', { title: 'A' }, { status: 'closed' }));
    expect(await codeOf(write)).toBe('bead.changed');
  });

  test('a guard that holds lets the update through', async () => {
    const { rig } = town();
    await bead({ metadata: { 'gt.dispatch-id': '01A' } });
    const after = await rig.transaction('ann', (tx) =>
      tx.update(
        'fx-a',
        { status: 'hooked', assignee: 'p/polecats/me', metadata: { 'gt.dispatch-id': '01B' } },
        { status: ['open'], assignee: '', metadata: { 'gt.dispatch-id': '01A', other: null } },
      ),
    );
    expect(after).toMatchObject({ status: 'hooked', metadata: { 'gt.dispatch-id': '01B' } });
  });

  test('started_at is set once, closed_at exactly while closed', async () => {
    const { rig, clock } = town();
    await bead();
    const step = async (status: string) => {
      clock.advance(60_000);
      return rig.transaction('ann', (tx) => tx.update('fx-a', { status }));
    };
    expect((await step('in_progress')).startedAt).toBe('2026-03-01T12:01:00Z');
    await step('open');
    expect((await step('in_progress')).startedAt).toBe('2026-03-01T12:01:00Z');
    expect((await step('closed')).closedAt).toBe('2026-03-01T12:04:00Z');
    expect((await step('open')).closedAt).toBeUndefined();
  });

  test('leaving the status pinned also takes the pin off', async () => {
    const { rig } = town();
    await bead({ status: 'pinned' });
    await rig.transaction('ann', (tx) => tx.update('fx-a', { pinned: true }));
    const after = await rig.transaction('ann', (tx) => tx.update('fx-a', { status: 'open' }));
    expect(after).toMatchObject({ status: 'open', pinned: false });
  });

  test('a write to a bead that is not there is an error, never nothing', async () => {
    const { rig } = town();
    const writes = [
      rig.transaction('a', (tx) => tx.update('fx-no', { notes: 'x' })),
      rig.transaction('a', (tx) => tx.close('fx-no', { reason: 'x' })),
      rig.transaction('a', (tx) => tx.claim('fx-no', 'x')),
      rig.transaction('a', (tx) => tx.addLabel('fx-no', 'x')),
      rig.transaction('a', (tx) => tx.comment('fx-no', 'x')),
      rig.transaction('a', (tx) => tx.delete('fx-no')),
    ];
    for (const write of writes) expect(await codeOf(write)).toBe('bead.not-found');
  });

  test('a transaction that fails leaves nothing of itself', async () => {
    const { rig } = town();
    await bead();
    const failing = rig.transaction('ann', async (tx) => {
      await tx.update('fx-a', { notes: 'half' });
      await tx.create({ id: 'fx-b', title: 'B' });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect((await rig.get('fx-a'))?.notes).toBe('');
    expect(await rig.get('fx-b')).toBeUndefined();
  });

  test('a claim takes an open bead once, again for its holder, and never from another', async () => {
    const { rig } = town();
    await bead();
    const taken = await rig.transaction('bob', (tx) => tx.claim('fx-a', 'bob'));
    expect(taken).toMatchObject({ status: 'in_progress', assignee: 'bob' });
    expect(taken.startedAt).toBeDefined();
    await rig.transaction('bob', (tx) => tx.claim('fx-a', 'bob'));
    const late = rig.transaction('eve', (tx) => tx.claim('fx-a', 'eve'));
    await expect(late).rejects.toMatchObject({
      code: 'bead.claimed',
      message: 'issue already claimed by bob',
    });
    expect((await rig.events('fx-a')).map((event) => event.type)).toEqual(['created', 'claimed']);
  });

  test('only open beads can be claimed', async () => {
    const { rig } = town();
    await bead({ status: 'deferred' });
    expect(await codeOf(rig.transaction('bob', (tx) => tx.claim('fx-a', 'bob')))).toBe('bead.not-claimable');
  });

  test('close records why and by whom; closing again changes nothing; reopen clears it', async () => {
    const { rig, clock } = town();
    await bead({ assignee: 'bob', deferUntil: '2020-01-01' });
    const closed = await rig.transaction('bob', (tx) =>
      tx.close('fx-a', { reason: 'Merged', session: 's-1' }),
    );
    expect(closed).toMatchObject({ status: 'closed', closeReason: 'Merged', closedBySession: 's-1' });
    clock.advance(60_000);
    expect(await rig.transaction('eve', (tx) => tx.close('fx-a', { reason: 'Again' }))).toEqual(closed);
    const open = await rig.transaction('bob', (tx) => tx.reopen('fx-a', 'still broken'));
    expect(open).toMatchObject({ status: 'open', closeReason: '', assignee: 'bob' });
    expect([open.closedAt, open.deferUntil]).toEqual([undefined, undefined]);
    expect((await rig.comments('fx-a')).map((comment) => comment.text)).toEqual(['still broken']);
    expect((await rig.events('fx-a')).map((event) => [event.type, event.newValue])).toEqual([
      ['created', ''],
      ['closed', 'Merged'],
      ['reopened', '{"defer_until":null,"status":"open"}'],
      ['commented', ''],
    ]);
  });

  test('what is unfinished does not close without force', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-epic', title: 'Epic', type: 'epic' });
      await tx.create({ id: 'fx-child', title: 'Child' });
      await tx.addEdge({ from: 'fx-child', to: 'fx-epic', type: 'parent-child' });
      await tx.create({ id: 'fx-blocked', title: 'Blocked' });
      await tx.addEdge({ from: 'fx-blocked', to: 'fx-child', type: 'blocks' });
      await tx.create({ id: 'fx-pinned', title: 'Pinned', status: 'pinned' });
    });
    const messages: string[] = [];
    for (const id of ['fx-epic', 'fx-blocked', 'fx-pinned']) {
      await rig
        .transaction('ann', (tx) => tx.close(id, { reason: 'x' }))
        .catch((error: Error) => messages.push(error.message));
      const forced = await rig.transaction('ann', (tx) => tx.close(id, { reason: 'x', force: true }));
      expect(forced.status).toBe('closed');
    }
    expect(messages).toEqual([
      'cannot close fx-epic: open children [fx-child] (use --force to override)',
      'cannot close fx-blocked: blocked by open issues [fx-child] (use --force to override)',
      'cannot close fx-pinned: it is pinned (use --force to override)',
    ]);
  });

  test('a molecule closes with its last step', async () => {
    const { rig } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.create({ id: 'fx-mol-a', title: 'Root', type: 'molecule' });
      await tx.create({ title: 'One', parent: 'fx-mol-a' });
      await tx.create({ title: 'Two', parent: 'fx-mol-a' });
      await tx.close('fx-mol-a.1', { reason: 'done' });
    });
    expect((await rig.get('fx-mol-a'))?.status).toBe('open');
    await rig.transaction('ann', (tx) => tx.close('fx-mol-a.2', { reason: 'done' }));
    expect((await rig.get('fx-mol-a'))?.status).toBe('closed');
  });

  test('labels are added and removed once each, and say so in the log', async () => {
    const { rig } = town();
    await bead();
    await rig.transaction('ann', async (tx) => {
      await tx.addLabel('fx-a', 'gt:keep');
      await tx.addLabel('fx-a', 'gt:keep');
      await tx.addLabel('fx-a', "o'brien");
      await tx.removeLabel('fx-a', 'gt:keep');
      await tx.removeLabel('fx-a', 'gt:keep');
    });
    expect((await rig.get('fx-a'))?.labels).toEqual(["o'brien"]);
    expect((await rig.events('fx-a')).slice(1).map((event) => event.comment)).toEqual([
      'Added label: gt:keep',
      "Added label: o'brien",
      'Removed label: gt:keep',
    ]);
  });

  test('comments keep their order within one second and carry time-ordered ids', async () => {
    const { rig } = town();
    await bead();
    await rig.transaction('ann', async (tx) => {
      for (let index = 0; index < 20; index += 1) await tx.comment('fx-a', `line ${index}`);
    });
    const comments = await rig.comments('fx-a');
    expect(comments.map((comment) => comment.text)).toEqual(
      Array.from({ length: 20 }, (_, index) => `line ${index}`),
    );
    expect(comments[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const around = await rig.surroundings(await rig.list({}));
    expect([around('fx-a').comments, around('fx-none').comments]).toEqual([20, 0]);
  });

  test('a wisp has the same life as an issue', async () => {
    const { rig } = town();
    await bead({ keep: 'wisp', labels: ['gt:mq-lane'] });
    await rig.transaction('ann', async (tx) => {
      await tx.update('fx-a', { metadata: { rev: '01A' } });
      await tx.comment('fx-a', 'c');
      await tx.addLabel('fx-a', 'more');
    });
    expect(await rig.get('fx-a')).toMatchObject({ table: 'wisps', labels: ['gt:mq-lane', 'more'] });
    expect((await rig.events('fx-a')).map((event) => event.type)).toEqual([
      'created',
      'label_added',
      'updated',
      'commented',
      'label_added',
    ]);
    await rig.transaction('ann', (tx) => tx.delete('fx-a'));
    expect([await rig.get('fx-a'), await rig.comments('fx-a'), await rig.events('fx-a')]).toEqual([
      undefined,
      [],
      [],
    ]);
  });

  test('config rows are set, replaced and removed; custom types follow into their table', async () => {
    const { rig, store } = town();
    await rig.transaction('ann', async (tx) => {
      await tx.setConfig('kv.answer', '41');
      await tx.setConfig('kv.answer', '42');
      await tx.setConfig('types.custom', 'agent,slot');
    });
    expect((await rig.config()).get('kv.answer')).toBe('42');
    const database = await store.open(rig.database);
    const names = await database.query('SELECT name FROM custom_types ORDER BY name');
    expect(names.map((row) => row['name'])).toEqual(['agent', 'slot']);
    await rig.transaction('ann', (tx) => tx.setConfig('kv.answer', undefined));
    expect((await rig.config()).has('kv.answer')).toBe(false);
  });
}
