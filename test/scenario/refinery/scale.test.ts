import { afterEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../fakes/faults.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

let towns: FakeTown[] = [];
afterEach(async () => {
  for (const town of towns.splice(0)) await town.close();
});

async function townWithLargeBatches(): Promise<FakeTown> {
  const town = await makeFakeTown();
  towns.push(town);
  await town.set({ test_command: 'run-gate', batch: { max_batch_size: 32 } });
  return town;
}

/** How often the next pass calls each method of a port. */
async function callsOf(town: FakeTown, port: 'git' | 'files'): Promise<Record<string, number>> {
  const faults = createFaults();
  const { ports } = town.ctx;
  await town.as({ git: faults.wrap('git', ports.git), files: faults.wrap('files', ports.files) }).tick();
  const counts: Record<string, number> = {};
  for (const call of faults.calls.filter((name) => name.startsWith(`${port}.`))) {
    counts[call] = (counts[call] ?? 0) + 1;
  }
  return counts;
}

describe('the work of one pass', () => {
  it('asks git as often for fifteen changes as for three, but for the two calls that make a merge', async () => {
    const counts: Record<string, number>[] = [];
    for (const size of [3, 15]) {
      const town = await townWithLargeBatches();
      for (let index = 0; index < size; index += 1) {
        await town.submit(`w${index}`, { [`${index}.txt`]: 'x\n' });
      }
      const {
        ['git.objects.mergeTree']: merges,
        ['git.objects.commitTree']: commits,
        ...rest
      } = await callsOf(town, 'git');
      expect([merges, commits]).toEqual([size, size]);
      expect(await town.origin.messages('main')).toHaveLength(size + 1);
      counts.push(rest);
    }
    expect(counts[0]).toEqual(counts[1]);
    expect(Object.values(counts[0] ?? {}).reduce((sum, count) => sum + count, 0)).toBeLessThan(30);
  });

  it('lands a change by itself with twenty calls of git', async () => {
    const town = await townWithLargeBatches();
    await town.submit('first', { '1.txt': 'x\n' });
    await town.tick();
    await town.submit('second', { '2.txt': 'x\n' });
    const calls = Object.values(await callsOf(town, 'git')).reduce((sum, count) => sum + count, 0);
    expect(await town.origin.messages('main')).toHaveLength(3);
    expect(calls).toBeLessThanOrEqual(20);
  });

  it('reads as little of a result cache and a flake ledger of thousands as of empty ones', async () => {
    const town = await townWithLargeBatches();
    await town.submit('first', { '1.txt': 'x\n' });
    await town.tick();
    await town.submit('second', { '2.txt': 'x\n' });
    const before = await callsOf(town, 'files');
    const day = new Date(town.clock.now()).toISOString().slice(0, 10);
    for (let index = 0; index < 4096; index += 1) {
      const name = index.toString(16).padStart(4, '0').split('').reverse().join('');
      const file = `${name.slice(0, 2)}/${name}.json`;
      await town.files.writeAtomic(`${town.rig.paths.gateDir}/passes/${day}/${file}`, '{}');
      await town.files.writeAtomic(`${town.rig.paths.gateDir}/flakes/${file}`, '{}');
    }
    await town.submit('third', { '3.txt': 'x\n' });
    const {
      ['files.stat']: looks = 0,
      ['files.remove']: removed = 0,
      ...after
    } = await callsOf(town, 'files');
    const { ['files.stat']: _, ['files.remove']: few = 0, ...same } = before;
    expect(after).toEqual(same);
    // Old records are looked for a few at a time.
    expect(looks).toBeGreaterThan(1);
    expect(Math.max(looks, removed - few)).toBeLessThanOrEqual(100);
  });

  it('keeps logs, passes and flaky tests only for a while, and no names for what is over', async () => {
    const town = await townWithLargeBatches();
    const folder = town.rig.paths.gateDir;
    const gone = await town.submit('gone', { 'g.txt': 'BAD\n' });
    await town.tick();
    const refs = () => town.git.objects.listRefs(town.rig.paths.bare, 'refs/gt/mq/main/heads/');
    expect((await refs()).map(({ name }) => name)).toEqual([`refs/gt/mq/main/heads/${gone.mr}`]);
    await town.ledger.transaction('overseer', (tx) => tx.close(gone.mr, { reason: 'rejected', force: true }));
    const old = new Date(town.clock.now() - 60 * 24 * 3_600_000).toISOString();
    await town.files.writeAtomic(`${folder}/passes/${old.slice(0, 10)}/ab/x.json`, '{}');
    await town.files.writeAtomic(`${folder}/logs/${old.replaceAll(/[:.]/g, '')}-test-x.log`, 'old');
    await town.submit('next', { 'n.txt': 'x\n' });
    await town.tick();
    expect(await refs()).toEqual([]);
    expect((await town.files.list(`${folder}/passes`))?.map(({ name }) => name)).not.toContain(
      old.slice(0, 10),
    );
    const logs = (await town.files.list(`${folder}/logs`)) ?? [];
    expect(logs.filter(({ name }) => name < '2000' || name.endsWith('-x.log'))).toEqual([]);
  });
});
