import { afterEach, beforeEach, expect, it } from 'vitest';
import { findLogs } from '../../../src/refinery/find-logs.ts';
import { logFolder, pruneLogs } from '../../../src/refinery/gate-log.ts';
import { failOnBad, makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

const logsOf = async (id: string) => findLogs(town.ctx, town.rig, { mr: await town.mr(id), gate: undefined });

it('the output of a running gate can be watched, and is gone when it ends; that of a red one is kept', async () => {
  const work = await town.submit('nux', { 'a.txt': 'BAD\n' });
  const seen: number[] = [];
  town.gate(async (call) => {
    await town.clock.advance(1000);
    seen.push((await logsOf(work.mr)).live.length);
    return failOnBad(call);
  });
  await town.settle();
  expect(seen).toContain(1);
  const { live, kept } = await logsOf(work.mr);
  expect(live).toEqual([]);
  expect(await town.files.readText(kept.at(-1) ?? '')).toContain('not ok 1 - a.txt');
});

it('logs are bounded by age and number', async () => {
  const write = (name: string) => town.files.writeAtomic(`${logFolder(town.rig)}/${name}`, 'x');
  await write('20200101T000000000Z-test-abc.log');
  for (let at = 0; at < 510; at += 1)
    await write(`20260101T0000${String(at).padStart(5, '0')}Z-test-abc.log`);
  await pruneLogs(town.ctx, town.rig);
  const left = (await town.files.list(logFolder(town.rig))) ?? [];
  expect(left).toHaveLength(500);
  expect(left.some(({ name }) => name.startsWith('2020'))).toBe(false);
});
