import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProcesses } from '../../src/adapters/processes.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeProcesses } from '../fakes/processes.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { ENV, processesContract, type Behaviour } from './processes.contract.ts';

const tempDir = tempDirs();
const platforms =
  process.platform === 'linux' ? (['linux', 'darwin'] as const) : ([process.platform] as const);

// On Linux the adapter is also run as it would be on macOS (`ps`, `lsof`): P31.
describe.each(platforms)('processes of the machine, seen as on %s', (platform) => {
  processesContract(() => ({
    processes: createProcesses(platform),
    argv: shellFor,
    dir: tempDir(),
    drive: (work) => work,
  }));

  it('finds who listens on a port of the loopback', async () => {
    const processes = createProcesses(platform);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await processes.listenerOf(port)).toEqual({ pid: process.pid });
    await new Promise((resolve) => server.close(resolve));
    expect(await processes.listenerOf(port)).toBeUndefined();
  });
});

describe('processes of the machine', () => {
  const processes = createProcesses();
  const strays: number[] = [];
  afterEach(() => {
    for (const pid of strays.splice(0)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended, as it should.
      }
    }
  });

  it('keeps the last bytes of long output and says that the first are missing', async () => {
    const result = await processes.run({
      argv: ['sh', '-c', 'seq 1 20000; echo end'],
      env: ENV,
      keepBytes: 1000,
    });
    expect(result.truncated).toBe(true);
    expect(result.stdout).toHaveLength(1000);
    expect(result.stdout.endsWith('20000\nend\n')).toBe(true);
  });

  it('does not wait for a background process that keeps the output open', async () => {
    const result = await processes.run({ argv: ['sh', '-c', 'sleep 600 & echo $!'], env: ENV });
    strays.push(Number(result.stdout));
    expect(result).toMatchObject({ end: 'exit', code: 0 });
    expect(await processes.identify(Number(result.stdout))).toBeDefined();
  });

  it('ends what a child leaves behind when told to', async () => {
    const result = await processes.run({
      argv: ['sh', '-c', 'sleep 600 & echo $!'],
      env: ENV,
      leftovers: 'kill',
    });
    strays.push(Number(result.stdout));
    await gone(Number(result.stdout));
  });

  it.each(platforms)('on %s a marked run leaves nothing, in whatever session it hides', async (platform) => {
    const dir = tempDir();
    const hide = (name: string) => `setsid sh -c 'trap "" TERM; echo $$ > ${dir}/${name}; sleep 600' &`;
    const wait = `while ! [ -s ${dir}/one -a -s ${dir}/two ]; do :; done`;
    const script = `${hide('one')}\n( ${hide('two')} )\n${wait}`;
    const marked = join(dir, 'a b');
    const other = await processes.startDetached({
      argv: ['sleep', '600'],
      cwd: dir,
      env: { ...ENV, GT_RUN_MARK: `${encodeURI(marked)}er` },
      logFile: join(dir, 'log'),
    });
    strays.push(other.pid);
    const result = await createProcesses(platform).run({
      argv: ['sh', '-c', script],
      env: ENV,
      leftovers: { marked },
    });
    const hidden = await Promise.all(['one', 'two'].map((name) => pidIn(join(dir, name))));
    strays.push(...hidden);
    expect(result).toMatchObject({ end: 'exit', code: 0 });
    for (const pid of hidden) await gone(pid);
    expect(await createProcesses(platform).list(marked)).toEqual([]);
    expect(await processes.isAlive(other)).toBe(true);
  });

  it('ends the whole group at the time limit, not only its leader', async () => {
    const file = join(tempDir(), 'pid');
    const script = `sh -c 'trap "" TERM; echo $$ > ${file}; while :; do sleep 1; done' & wait`;
    await processes.run({ argv: ['sh', '-c', script], env: ENV, timeoutMs: 300 });
    strays.push(Number(readFileSync(file, 'utf8')));
    await gone(Number(readFileSync(file, 'utf8')));
  });

  it('P10: stops a tree whose members ignore TERM, changed their group, or lost their parent', async () => {
    const dir = tempDir();
    const script = [
      `sh -c 'trap "" TERM; echo $$ > ${dir}/deaf; while :; do sleep 1; done' &`,
      `setsid sh -c 'echo $$ > ${dir}/session; sleep 600' &`,
      `sh -c 'sh -c "echo \\$\\$ > ${dir}/orphan; sleep 600" & sleep 0.2' &`,
      'sleep 600',
    ].join('\n');
    const child = await processes.startDetached({
      argv: ['sh', '-c', script],
      cwd: dir,
      env: ENV,
      logFile: join(dir, 'log'),
    });
    const names = ['deaf', 'session', 'orphan'];
    const pids = await Promise.all(names.map((name) => pidIn(join(dir, name))));
    strays.push(child.pid, ...pids);
    expect(await processes.stopTree(child, 200)).toEqual([]);
    for (const pid of pids) expect(await processes.identify(pid)).toBeUndefined();
  });

  it('stops the group of a leader that has ended already', async () => {
    const dir = tempDir();
    const child = await processes.startDetached({
      argv: ['sh', '-c', `sleep 600 & echo $! > ${dir}/pid`],
      cwd: dir,
      env: ENV,
      logFile: join(dir, 'log'),
    });
    const left = await pidIn(join(dir, 'pid'));
    strays.push(left);
    while (await processes.isAlive(child)) await new Promise((resolve) => setImmediate(resolve));
    expect(await processes.stopTree(child, 500)).toEqual([]);
    expect(await processes.identify(left)).toBeUndefined();
  });

  it('takes a process nobody has waited for (a zombie) for gone', async () => {
    // The shell becomes a sleep, which never waits for the child that the shell had.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 600'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    strays.push(pidOf(parent));
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    await gone(pid);
    expect((await processes.list()).some((info) => info.pid === pid)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('does not stop anything for a mark of an earlier boot', async () => {
    const child = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
    const pid = pidOf(child);
    strays.push(pid);
    const now = await processes.identify(pid);
    const before = { pid, start: `${now?.start.split('-')[0]}-00000000` };
    expect(await processes.isAlive(before)).toBe(false);
    expect(await processes.stopTree(before, 50)).toEqual([]);
    expect(await processes.identify(pid)).toEqual(now);
  });

  it('does not run programs from relative places of a path, and not files without permission', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'tool'), '', { mode: 0o644 });
    expect(await processes.which('tool', `:.:${dir}`)).toBeUndefined();
    rmSync(join(dir, 'tool'));
    writeFileSync(join(dir, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await processes.which('tool', `:.:${dir}`)).toBe(join(dir, 'tool'));
  });

  async function gone(pid: number): Promise<void> {
    while ((await processes.identify(pid)) !== undefined)
      await new Promise((resolve) => setImmediate(resolve));
  }
});

describe('scripted processes', () => {
  processesContract(() => {
    const clock = createFakeClock();
    const processes = createFakeProcesses({ clock });
    return {
      processes,
      dir: '/work',
      drive: (work) => clock.drive(work),
      argv: (behaviour) => {
        processes.program('program', (spec) => {
          if ('prints' in behaviour) {
            return { stdout: behaviour.prints, stderr: behaviour.complains ?? '', code: behaviour.code };
          }
          if ('killsItself' in behaviour) return { signal: 'SIGKILL' };
          if ('hangs' in behaviour) return { hang: true, ignoresTerm: behaviour.ignoresTerm ?? false };
          return { stdout: Buffer.from(spec.input ?? '').toString('utf8'), code: 0 };
        });
        return ['/bin/program'];
      },
    };
  });

  it('shows whoever listens on a port until it ends', async () => {
    const processes = createFakeProcesses({ clock: createFakeClock() });
    const squatter = processes.spawn({ argv: ['python3'] });
    processes.listen(3310, squatter.pid);
    processes.listen(3311, 0);
    expect(await processes.listenerOf(3310)).toEqual({ pid: squatter.pid });
    expect(await processes.listenerOf(3311)).toEqual({ pid: 0 });
    processes.end(squatter.pid);
    expect(await processes.listenerOf(3310)).toBeUndefined();
  });
});

function shellFor(behaviour: Behaviour): readonly [string, ...string[]] {
  if ('prints' in behaviour) {
    const { prints, complains = '', code } = behaviour;
    return ['sh', '-c', 'printf %s "$1"; printf %s "$2" >&2; exit "$3"', 'sh', prints, complains, `${code}`];
  }
  if ('killsItself' in behaviour) return ['sh', '-c', 'kill -KILL $$'];
  if ('copiesInput' in behaviour) return ['cat'];
  const trap = behaviour.ignoresTerm === true ? 'trap "" TERM; ' : '';
  return ['sh', '-c', `${trap}while :; do sleep 0.05; done`];
}

/** Never 0, which would mean our own group. */
function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('it did not start');
  return child.pid;
}

async function pidIn(file: string): Promise<number> {
  for (;;) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text.endsWith('\n')) return Number(text);
    } catch {
      // Not written yet.
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
