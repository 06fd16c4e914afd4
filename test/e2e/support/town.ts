import { execa } from 'execa';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { GIT_ENV } from './repository.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Set when a signal ended it (failpoints: SIGKILL). */
  readonly signal: string | undefined;
}

/** One person's machine for one test: own HOME, own town, own tmux socket. */
export interface TestHome {
  readonly home: string;
  readonly town: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs gt in the town (or `cwd`) and reports how it ended; never throws. */
  tryGt(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  tryBd(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs gt; a failure throws with its stderr. Returns stdout. */
  gt(...args: readonly string[]): Promise<string>;
  gtJson(...args: readonly string[]): Promise<unknown>;
  bd(...args: readonly string[]): Promise<string>;
  bdJson(...args: readonly string[]): Promise<unknown>;
  /** Polls `check` until it returns something; fails after that long (default: a minute) with what it waited for. */
  until<T>(what: string, check: () => Promise<T | undefined>, seconds?: number): Promise<T>;
  /** `gt down`, then ends what is left by pid and removes the folder. */
  dispose(): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Machine {
  /** A folder already there to live in, e.g. on a disk of its own; default: a new one. */
  readonly under?: string;
  /** Nobody has told git a name or an address. */
  readonly nameless?: true;
}

export function createTestHome({ under = tmpdir(), nameless }: Machine = {}): TestHome {
  const home = mkdtempSync(join(under, 'gt-e2e-'));
  const town = join(home, 'town');
  mkdirSync(join(home, 'tmp'), { recursive: true });
  const env = {
    ...(nameless === undefined ? GIT_ENV : { GIT_CONFIG_NOSYSTEM: '1' }),
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    PATH: `${join(ROOT, 'bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    GT_TEST: '1',
    GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '',
    // A step of any of its processes is held by a file of that name in here (src/failpoint.ts).
    GT_TEST_HOLD: join(home, 'holds'),
    NO_COLOR: '1',
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/gt-compile'),
  };
  return new RealTestHome(home, town, env);
}

class RealTestHome implements TestHome {
  readonly home: string;
  readonly town: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(home: string, town: string, env: Readonly<Record<string, string>>) {
    this.home = home;
    this.town = town;
    this.env = env;
  }

  tryGt(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run('gt', args, options);
  }

  tryBd(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.run('bd', args, options);
  }

  async gt(...args: readonly string[]): Promise<string> {
    return mustPass('gt', args, await this.run('gt', args, {}));
  }

  async gtJson(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.gt(...args, '--json')) as unknown;
  }

  async bd(...args: readonly string[]): Promise<string> {
    return mustPass('bd', args, await this.run('bd', args, {}));
  }

  async bdJson(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.bd(...args, '--json')) as unknown;
  }

  async until<T>(what: string, check: () => Promise<T | undefined>, seconds = 60): Promise<T> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const found = await check();
      if (found !== undefined) return found;
      if (performance.now() > end)
        throw new Error(`waited ${seconds} s for: ${what}\n${(await this.tryGt(['status'])).stdout}`);
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }

  async dispose(): Promise<void> {
    await this.tryGt(['down'], { cwd: this.home });
    for (const pid of this.leftovers()) kill(pid);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  private async run(program: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
    const cwd = options.cwd ?? (args[0] === 'install' ? this.home : this.town);
    const result = await execa(join(ROOT, 'bin', program), args, {
      cwd,
      env: { ...this.env, ...options.env },
      extendEnv: false,
      reject: false,
      input: options.input ?? '',
      timeout: 100_000,
    });
    return {
      code: result.exitCode ?? -1,
      stdout: result.stdout,
      stderr: result.stderr,
      signal: result.signal,
    };
  }

  /** Processes that carry this HOME: only those we started. */
  private leftovers(): readonly number[] {
    const mark = `HOME=${this.home}`;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => environmentOf(pid).includes(mark));
  }
}

function mustPass(program: string, args: readonly string[], outcome: Outcome): string {
  if (outcome.code !== 0)
    throw new Error(
      `${program} ${args.join(' ')} ended ${outcome.code} ${outcome.signal ?? ''}\n${outcome.stderr}\n${outcome.stdout}`,
    );
  return outcome.stdout;
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between, which is what we want.
  }
}
