import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files.ts';
import { touchHeartbeat } from '../../../src/town/heartbeat.ts';
import type { SessionName } from '../../../src/core/names.ts';

const SESSION = 'gt-ace' as SessionName;
let folder: string;
let now = Date.UTC(2026, 0, 2, 3, 4, 5);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gt-heartbeat-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function touch(spawn?: number, state?: 'exiting'): Promise<unknown> {
  const clock = { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() };
  await touchHeartbeat(
    { paths: { heartbeatsDir: folder }, ports: { files: createFiles(), clock } },
    SESSION,
    state === undefined ? { spawn } : { spawn, state },
  );
  return JSON.parse(await readFile(join(folder, `${SESSION}.json`), 'utf8')) as unknown;
}

test('a first heartbeat says working', async () => {
  expect(await touch(3)).toEqual({ state: 'working', spawn: 3, timestamp: '2026-01-02T03:04:05.000Z' });
});

test('what the agent said of itself stays, the time moves', async () => {
  const said = { state: 'stuck', context: 'needs a key', bead: 'gt-1', spawn: 3, timestamp: 'old' };
  await writeFile(join(folder, `${SESSION}.json`), JSON.stringify(said));
  now += 1000;
  expect(await touch(3)).toEqual({ ...said, timestamp: '2026-01-02T03:04:06.000Z' });
});

test('what an earlier spawn said does not hold for this one', async () => {
  await touch(3);
  await writeFile(join(folder, `${SESSION}.json`), JSON.stringify({ state: 'exiting', spawn: 3 }));
  expect(await touch(4)).toMatchObject({ state: 'working', spawn: 4 });
});

test('an agent that is about to end says so, and its next commands do not take it back', async () => {
  expect(await touch(3, 'exiting')).toMatchObject({ state: 'exiting', spawn: 3 });
  expect(await touch(3)).toMatchObject({ state: 'exiting' });
});

test('a torn file is replaced', async () => {
  await writeFile(join(folder, `${SESSION}.json`), '{"state":');
  expect(await touch()).toMatchObject({ state: 'working' });
});
