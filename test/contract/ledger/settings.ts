import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeOf, type LedgerTown } from './setup.ts';

export function ledgerSettings(town: () => LedgerTown): void {
  const set = (key: string, value: string | undefined) =>
    town().rig.transaction('ann', (tx) => tx.setConfig(key, value));
  const create = async (fields: object = {}) =>
    (await town().rig.transaction('ann', (tx) => tx.create({ title: 'T', ...fields }))).id;

  // Where the suite shares one database, the next test must find it as it was.
  let before: ReadonlyMap<string, string> = new Map();
  beforeEach(async () => {
    before = await town().rig.config();
  });
  afterEach(async () => {
    const { rig, store } = town();
    for (const key of ['issue_id_mode', 'min_hash_length', 'types.custom', 'status.custom'])
      await set(key, before.get(key));
    await (await store.open(rig.database)).run('DELETE FROM issue_counter');
  });

  test('counter ids go on behind the highest number, skip taken ones, and leave wisps and children alone', async () => {
    await create({ id: 'fx-7' });
    await create({ id: 'fx-7a' });
    await set('issue_id_mode', 'counter');
    expect(await create()).toBe('fx-8');
    await create({ id: 'fx-9', keep: 'wisp' });
    expect(await create()).toBe('fx-10');
    expect(await create({ parent: 'fx-10' })).toBe('fx-10.1');
    expect(await create({ keep: 'wisp' })).toMatch(/^fx-wisp-[0-9a-z]{3}$/);
    await set('issue_id_mode', 'hash');
    expect(await create()).toMatch(/^fx-[0-9a-z]{3}$/);
    await set('issue_id_mode', 'counter');
    expect(await create()).toBe('fx-11');
  });

  test('a number is not given twice when its transaction fails, and not left out either', async () => {
    await set('issue_id_mode', 'counter');
    const failing = town().rig.transaction('ann', async (tx) => {
      await tx.create({ title: 'gone' });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect([await create(), await create()]).toEqual(['fx-1', 'fx-2']);
  });

  test('min_hash_length lengthens new ids', async () => {
    await set('min_hash_length', '6');
    expect(await create()).toMatch(/^fx-[0-9a-z]{6}$/);
  });

  test('custom types and statuses work as soon as they are set, in both places where programs look', async () => {
    const { rig, store } = town();
    expect(await codeOf(create({ type: 'spec' }))).toBe('bead.bad-type');
    await set('types.custom', 'spec, probe');
    await set('status.custom', 'review:wip,shipped:done');
    const id = await create({ type: 'spec' });
    await rig.transaction('ann', (tx) => tx.update(id, { status: 'review' }));
    expect(await rig.get(id)).toMatchObject({ type: 'spec', status: 'review' });
    const database = await store.open(rig.database);
    expect(await database.query('SELECT name, category FROM custom_statuses ORDER BY name')).toEqual([
      { name: 'review', category: 'wip' },
      { name: 'shipped', category: 'done' },
    ]);
    await set('types.custom', undefined);
    expect(await database.query('SELECT name FROM custom_types')).toEqual([]);
    expect(await codeOf(create({ type: 'spec' }))).toBe('bead.bad-type');
  });

  test.each([
    ['types.custom', 'Spec'],
    ['types.custom', 'a b;c'],
    ['status.custom', 'review:later'],
    ['status.custom', '9x'],
    ['status.custom', Array.from({ length: 51 }, (_, index) => `s${index}`).join(',')],
    ['issue_id_mode', 'random'],
    ['min_hash_length', '2'],
    ['max_collision_prob', '1.5'],
  ])('%s = %s is refused and changes nothing', async (key, value) => {
    expect(await codeOf(set(key, value))).toBe('config.bad-value');
    expect(await town().rig.config()).toEqual(before);
  });
}
