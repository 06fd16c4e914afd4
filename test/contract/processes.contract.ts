import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExternalError } from '../../src/core/errors.ts';
import type { ProcessIdentity, Processes, RunSpec } from '../../src/ports/processes.ts';

/** Something a child can do, in words that a shell script and a scripted fake both understand. */
export type Behaviour =
  | { readonly prints: string; readonly complains?: string; readonly code: number }
  | { readonly killsItself: true }
  | { readonly hangs: true; readonly ignoresTerm?: true }
  | { readonly copiesInput: true };

export interface ProcessesUnderTest {
  readonly processes: Processes;
  /** argv of a program that does that. */
  readonly argv: (behaviour: Behaviour) => readonly [string, ...string[]];
  readonly dir: string;
  readonly drive: <T>(work: Promise<T>) => Promise<T>;
}

/** With the mark of this test run, by which the suite finds what a test leaves behind (P25). */
export const ENV = { PATH: '/usr/bin:/bin', GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '' };

/** What every Processes promises; run on each implementation. */
export function processesContract(setUp: () => ProcessesUnderTest): void {
  let made: ProcessesUnderTest;
  let processes: Processes;
  beforeEach(() => {
    made = setUp();
    processes = made.processes;
  });
  const started: ProcessIdentity[] = [];
  afterEach(async () => {
    for (const child of started.splice(0)) await made.drive(processes.stopTree(child, 50));
  });
  const run = (behaviour: Behaviour, more: Partial<RunSpec> = {}) =>
    made.drive(processes.run({ argv: made.argv(behaviour), env: ENV, ...more }));
  const startHanging = async (
    behaviour: Behaviour = { hangs: true },
    env: Readonly<Record<string, string>> = {},
  ): Promise<ProcessIdentity> => {
    const logFile = `${made.dir}/out.log`;
    const child = await processes.startDetached({
      argv: made.argv(behaviour),
      cwd: made.dir,
      env: { ...ENV, ...env },
      logFile,
    });
    started.push(child);
    return child;
  };

  describe('running a child to its end', () => {
    it('reports both streams and the exit code', async () => {
      expect(await run({ prints: 'out', complains: 'err', code: 3 })).toMatchObject({
        stdout: 'out',
        stderr: 'err',
        end: 'exit',
        code: 3,
      });
    });

    it('reports the signal that ended it', async () => {
      expect(await run({ killsItself: true })).toMatchObject({ end: 'signal', signal: 'SIGKILL' });
    });

    it('says why a program did not start, instead of throwing', async () => {
      const result = await processes.run({ argv: ['/no/such/program'], env: ENV });
      expect(result).toMatchObject({ end: 'not-started', why: expect.stringContaining('no') });
    });

    it('gives it the input', async () => {
      expect(await run({ copiesInput: true }, { input: 'zwei\nWörter' })).toMatchObject({
        stdout: 'zwei\nWörter',
      });
    });

    it('passes output on as it comes', async () => {
      const chunks: string[] = [];
      await run({ prints: 'out', code: 0 }, { onOutput: (chunk) => chunks.push(chunk) });
      expect(chunks.join('')).toBe('out');
    });

    it('names the child once, while it lives', async () => {
      const children: ProcessIdentity[] = [];
      await run({ prints: '', code: 0 }, { onStart: (child) => children.push(child) });
      expect(children).toHaveLength(1);
      expect(children[0]?.pid).toBeGreaterThan(1);
      expect(await processes.isAlive(children[0] ?? (await processes.self()))).toBe(false);
    });

    it('ends it at the time limit, also one that ignores TERM', async () => {
      expect(await run({ hangs: true }, { timeoutMs: 50 })).toMatchObject({ end: 'timeout' });
      expect(await run({ hangs: true, ignoresTerm: true }, { timeoutMs: 50 })).toMatchObject({
        end: 'timeout',
      });
    });

    it('ends it when it is called off, and does not start it when it was called off before', async () => {
      const stop = new AbortController();
      const running = run(
        { hangs: true },
        { signal: stop.signal, onStart: () => queueMicrotask(() => stop.abort()) },
      );
      expect(await running).toMatchObject({ end: 'aborted' });
      let started = false;
      const late = await run(
        { prints: '', code: 0 },
        { signal: stop.signal, onStart: () => (started = true) },
      );
      expect({ end: late.end, started }).toEqual({ end: 'aborted', started: false });
    });
  });

  describe('other processes', () => {
    it('are known by number and start, this one included', async () => {
      const self = await processes.self();
      expect(await processes.isAlive(self)).toBe(true);
      expect(await processes.identify(self.pid)).toEqual(self);
      expect(await processes.isAlive({ pid: self.pid, start: 'another' })).toBe(false);
      expect(await processes.identify(2 ** 30)).toBeUndefined();
      expect(processes.exists(2 ** 30)).toBe(false);
      expect((await processes.list()).find((info) => info.pid === self.pid)).toMatchObject(self);
    });

    it('outlive us when they are started detached, in a group of their own', async () => {
      const child = await startHanging();
      expect(await processes.isAlive(child)).toBe(true);
      expect(processes.exists(child.pid)).toBe(true);
      const info = (await processes.list()).find((entry) => entry.pid === child.pid);
      expect(info).toMatchObject({ pid: child.pid, start: child.start, group: child.pid });
      expect(await made.drive(processes.stopTree(child, 2000))).toEqual([]);
    });

    it('that cannot be started detached are an error', async () => {
      const start = processes.startDetached({
        argv: ['/no/such'],
        cwd: made.dir,
        env: ENV,
        logFile: `${made.dir}/l`,
      });
      await expect(start).rejects.toThrow(ExternalError);
      await expect(start).rejects.toMatchObject({ code: 'process.not-started' });
    });

    it('get a signal only when they are who we mean', async () => {
      const child = await startHanging();
      expect(await processes.signal({ pid: child.pid, start: 'another' }, 'KILL')).toBe(false);
      expect(await processes.isAlive(child)).toBe(true);
      expect(await processes.signal(child, 'KILL')).toBe(true);
      await made.drive(processes.stopTree(child, 1000));
      expect(await processes.isAlive(child)).toBe(false);
      expect(await processes.signal(child, 'TERM')).toBe(false);
    });

    it('are stopped with what carries their mark, and nobody else is', async () => {
      const marked = (spawn: string) => ({ GT_RUN_MARK: encodeURI(`${made.dir}/a town/pj-toast/${spawn}`) });
      const [child, escaped, newer] = [
        await startHanging({ hangs: true }, marked('3')),
        await startHanging({ hangs: true, ignoresTerm: true }, marked('3')),
        await startHanging({ hangs: true }, marked('30')),
      ];
      const left = await made.drive(processes.stopTree(child, 50, `${made.dir}/a town/pj-toast/3`));
      expect(left).toEqual([]);
      const alive = [child, escaped, newer].map((each) => processes.isAlive(each));
      expect(await Promise.all(alive)).toEqual([false, false, true]);
    });

    it('are stopped even when they ignore TERM; stopping what is gone is fine', async () => {
      const child = await startHanging({ hangs: true, ignoresTerm: true });
      expect(await made.drive(processes.stopTree(child, 50))).toEqual([]);
      expect(await processes.isAlive(child)).toBe(false);
      expect(await made.drive(processes.stopTree(child, 50))).toEqual([]);
    });
  });

  it('finds programs on a path, and says undefined for those that are not there', async () => {
    const [program] = made.argv({ prints: '', code: 0 });
    const name = program.split('/').at(-1) ?? program;
    expect(await processes.which(name, '/usr/bin:/bin')).toMatch(new RegExp(`^/.*/${name}$`));
    expect(await processes.which('no-such-program-here', '/usr/bin:/bin')).toBeUndefined();
  });
}
