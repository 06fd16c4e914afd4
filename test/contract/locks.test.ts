import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createLocks } from '../../src/adapters/locks.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeLocks } from '../fakes/locks.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { locksContract } from './locks.contract.ts';

const tempDir = tempDirs();
const NOW = { waitMs: 0, purpose: 'test' };

describe('locks in memory', () => {
  locksContract(() => {
    const clock = createFakeClock();
    const locks = createFakeLocks({ clock });
    return { locks, others: locks.asProcess(2000), drive: (work) => clock.drive(work) };
  });

  it('are free when their holder dies', async () => {
    const locks = createFakeLocks({ clock: createFakeClock() });
    const other = locks.asProcess(7);
    await other.acquire('daemon', NOW);
    await locks.acquire('config', NOW);
    other.die();
    expect(await locks.holder('daemon')).toBeUndefined();
    expect(await locks.holder('config')).toBeDefined();
  });
});

describe('locks on files', () => {
  const open = (dir: string) => createLocks({ dir, clock: createClock(), processes: createProcesses() });
  locksContract(() => {
    const dir = join(tempDir(), 'locks');
    return { locks: open(dir), others: open(dir), drive: (work) => work };
  });

  it('P15: are free the moment their holder is killed, and its note is not believed', async () => {
    const dir = tempDir();
    const holder = worker(['hold', dir]);
    await new Promise((resolve) => holder.once('message', resolve));
    expect(await open(dir).holder('daemon')).toMatchObject({ pid: holder.pid, purpose: 'gt daemon run' });
    await expect(open(dir).acquire('daemon', NOW)).rejects.toMatchObject({ code: 'lock.held' });
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('exit', resolve));
    expect(await open(dir).holder('daemon')).toBeUndefined();
    await (await open(dir).acquire('daemon', NOW)).release();
  });

  it('P15: keep processes apart: no lost update in 6 x 50 rounds', async () => {
    const dir = tempDir();
    const file = join(dir, 'count');
    writeFileSync(file, '0');
    const workers = Array.from({ length: 6 }, () => worker(['count', dir, file, '50']));
    const codes = await Promise.all(
      workers.map((child) => new Promise((resolve) => child.once('exit', resolve))),
    );
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(file, 'utf8')).toBe('300');
  });

  it('keep their file, empty and without a journal, and remove only the note', async () => {
    const dir = tempDir();
    const held = await open(dir).acquire('config', NOW);
    expect(readdirSync(dir).sort()).toEqual(['config.holder', 'config.lock']);
    await held.release();
    expect(readdirSync(dir)).toEqual(['config.lock']);
    expect(statSync(join(dir, 'config.lock')).size).toBe(0);
  });

  it('stay held in a process that opens and closes the same lock elsewhere', async () => {
    const dir = tempDir();
    await using _held = await open(dir).acquire('config', NOW);
    for (let round = 0; round < 5; round += 1) await open(dir).holder('config');
    const other = worker(['hold-config', dir, join(dir, 'none'), '1']);
    const code = new Promise((resolve) => other.once('exit', resolve));
    // It would end at once with an error (no file to count in) if it got the lock.
    const ended = await Promise.race([code, new Promise((resolve) => setTimeout(resolve, 400, 'waiting'))]);
    other.kill('SIGKILL');
    await code;
    expect(ended).toBe('waiting');
  });
});

function worker(args: readonly string[]): ChildProcess {
  return fork(new URL('./locks-worker.ts', import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
