import { expect, test } from 'vitest';
import { setAgentState, setSlot, slotsOf } from '../../../src/beads/forms/agent-slots.ts';
import { judgeGate } from '../../../src/beads/gates/check.ts';
import { addWaiter, createGate, listGates, type NewGate } from '../../../src/beads/gates/gates.ts';
import {
  acquireMergeSlot,
  createMergeSlot,
  readMergeSlot,
  releaseMergeSlot,
} from '../../../src/beads/forms/merge-slot.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { codeOf, type LedgerTown } from './setup.ts';

const HOUR = 3_600_000;

/** Gates, the merge slot and the slots of agents. */
export function takingTurns(town: () => LedgerTown): void {
  async function gate(fields: Partial<NewGate> = {}): Promise<Bead> {
    return town().rig.transaction('ann', async (tx) => {
      const blocks = (await tx.get('fx-w')) ?? (await tx.create({ id: 'fx-w', title: 'Work' }));
      return createGate(tx, {
        blocks,
        type: 'human',
        awaitId: '',
        timeoutMs: 0,
        reason: '',
        owner: '',
        ...fields,
      });
    });
  }

  const world = () => ({
    ledgers: town().ledgers,
    home: town().rig,
    now: town().clock.now(),
    github: {
      view: () => Promise.reject(new Error('not asked')),
      runs: () => Promise.reject(new Error('not asked')),
    },
  });

  const ready = async () => (await town().rig.ready({})).map((bead) => bead.id);

  test('a gate holds its bead back until it is closed', async () => {
    const made = await gate({ reason: 'review' });
    expect(await ready()).toEqual([]);
    expect(await listGates(town().rig, { all: false })).toMatchObject([{ id: made.id, awaitType: 'human' }]);
    await town().rig.transaction('ann', (tx) => tx.close(made.id, { reason: 'ok' }));
    expect(await ready()).toEqual(['fx-w']);
    expect(await listGates(town().rig, { all: false })).toEqual([]);
  });

  test('a timer of 200 days is kept to the second, and opens then', async () => {
    const made = await gate({ type: 'timer', timeoutMs: 200 * 24 * HOUR });
    expect((await town().rig.get(made.id))?.timeoutMs).toBe(200 * 24 * HOUR);
    expect(await judgeGate(world(), made)).toMatchObject({ kind: 'waiting' });
    const early = town().rig.transaction('ann', (tx) => tx.close(made.id, { reason: 'x' }));
    expect(await codeOf(early)).toBe('bead.not-closable');
    town().clock.advance(200 * 24 * HOUR);
    expect(await judgeGate(world(), made)).toMatchObject({ kind: 'passed' });
  });

  test('a gate on a bead of another database opens when that one is closed', async () => {
    await town().hq.transaction('ann', (tx) => tx.create({ id: 'hq-a', title: 'A' }));
    const made = await gate({ type: 'bead', awaitId: 'hq:hq-a' });
    expect(await judgeGate(world(), made)).toMatchObject({ kind: 'waiting' });
    await town().hq.transaction('ann', (tx) => tx.close('hq-a', { reason: 'x' }));
    expect(await judgeGate(world(), made)).toMatchObject({ kind: 'passed', why: 'hq-a is closed' });
  });

  test('a gate whose bead is nowhere stays shut and says so', async () => {
    const made = await gate({ type: 'bead', awaitId: 'hq-none' });
    expect(await judgeGate(world(), made)).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['timer', { type: 'timer' }, 'gate.no-time'],
    ['pull request', { type: 'gh:pr', awaitId: '' }, 'gate.bad-await-id'],
    ['run that reads as a flag', { type: 'gh:run', awaitId: '--repo=x' }, 'gate.bad-await-id'],
  ] as const)('a gate without a usable %s is refused and nothing is made', async (_, fields, code) => {
    expect(await codeOf(gate(fields))).toBe(code);
    expect(await town().rig.count({})).toBe(0);
  });

  test('a waiter is on the list once', async () => {
    const made = await gate();
    const add = (name: string) => town().rig.transaction('ann', (tx) => addWaiter(tx, made.id, name));
    expect([await add('a/b'), await add('c'), await add('a/b')]).toEqual([true, true, false]);
    expect((await town().rig.get(made.id))?.waiters).toEqual(['a/b', 'c']);
  });

  const slot = () => readMergeSlot(town().rig);
  const acquire = (who: string, wait = false) =>
    town().rig.transaction(who, (tx) => acquireMergeSlot(tx, who, { wait }));
  const release = (who: string) => town().rig.transaction(who, (tx) => releaseMergeSlot(tx, who));

  test('the merge slot passes on to those who wait, first come first served, without being free in between', async () => {
    await town().rig.transaction('a', createMergeSlot);
    expect((await acquire('a')).kind).toBe('acquired');
    expect((await acquire('b')).kind).toBe('held');
    expect(await acquire('b', true)).toMatchObject({ kind: 'waiting', position: 1 });
    expect(await acquire('c', true)).toMatchObject({ kind: 'waiting', position: 2 });
    expect(await acquire('b', true)).toMatchObject({ kind: 'waiting', position: 1 });
    expect(await codeOf(release('b'))).toBe('merge-slot.not-yours');
    expect(await release('a')).toMatchObject({ holder: 'b', waiters: ['c'], status: 'in_progress' });
    expect((await acquire('a')).kind).toBe('held');
    await release('b');
    await release('c');
    expect(await slot()).toMatchObject({ holder: undefined, waiters: [], status: 'open' });
  });

  test('of many who take the slot at once one has it', async () => {
    await town().rig.transaction('a', createMergeSlot);
    const kinds = await Promise.all(['a', 'b', 'c', 'd'].map(async (who) => (await acquire(who)).kind));
    expect(kinds.filter((kind) => kind === 'acquired')).toHaveLength(1);
  });

  test('a slot of the Go gt is read, and taken over with its holder and its waiters', async () => {
    await town().rig.transaction('go', (tx) =>
      tx.create({
        title: 'merge-slot',
        labels: ['gt:merge-slot'],
        description: JSON.stringify({ holder: 'old', waiters: ['next'] }),
      }),
    );
    expect(await slot()).toMatchObject({ holder: 'old', waiters: ['next'], form: 'description' });
    expect(await release('old')).toMatchObject({ id: 'fx-merge-slot', holder: 'next', form: 'metadata' });
    expect(await slot()).toMatchObject({ holder: 'next', waiters: [] });
  });

  test('a slot whose holder cannot be read is given to nobody', async () => {
    await town().rig.transaction('go', (tx) =>
      tx.create({ title: 'merge-slot', labels: ['gt:merge-slot'], description: '{"holder":' }),
    );
    expect(await codeOf(acquire('a'))).toBe('merge-slot.unreadable');
  });

  test("an agent's hook is filled once, cleared, and its state noted in line and column", async () => {
    const { rig } = town();
    const write = (bead: string | undefined) =>
      rig.transaction('ann', (tx) => setSlot(tx, 'fx-ag', { slot: 'hook', bead }));
    await rig.transaction('ann', (tx) =>
      tx.create({
        id: 'fx-ag',
        title: 'Agent',
        type: 'task',
        labels: ['gt:agent'],
        description: 'Agent\n\nkeep: me',
      }),
    );
    await write('fx-1');
    expect(await codeOf(write('fx-2'))).toBe('agent.hook-taken');
    await rig.transaction('ann', (tx) =>
      setAgentState(tx, 'fx-ag', { state: 'stuck', now: '2026-03-01T12:00:00Z' }),
    );
    const agent = await rig.find('fx-ag');
    expect(agent).toMatchObject({ hookBead: 'fx-1', agentState: 'stuck' });
    expect(agent.description).toBe('Agent\n\nkeep: me\nhook_bead: fx-1\nagent_state: stuck');
    await write(undefined);
    expect(slotsOf(await rig.find('fx-ag'))).toEqual({ hook: undefined, role: undefined });
  });
}
