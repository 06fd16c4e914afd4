import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { createTmux } from '../../src/adapters/tmux.ts';
import type { SessionName } from '../../src/core/names.ts';
import type { Tmux, TmuxSession } from '../../src/ports/tmux.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakeProcesses } from '../fakes/processes.ts';
import { createFakeTmux } from '../fakes/tmux.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { tmuxContract } from './tmux.contract.ts';

const tempDir = tempDirs();
const LOOK = { address: 'mayor/', label: '' };
const hasTmux =
  existsSync('/usr/bin/tmux') || process.env['PATH']?.split(':').some((dir) => existsSync(join(dir, 'tmux')));

describe('tmux in memory', () => {
  tmuxContract(() => {
    const processes = createFakeProcesses({ clock: createFakeClock() });
    const tmux = createFakeTmux({ clock: createFakeClock(), processes });
    return {
      tmux,
      cwd: '/town',
      endPane: async ({ panePid }) => processes.end(panePid),
      addForeign: async (name) => tmux.addForeign(name),
    };
  });
});

describe.skipIf(!hasTmux)('tmux itself', () => {
  const servers: { readonly socket: string; readonly env: NodeJS.ProcessEnv }[] = [];
  afterEach(() => {
    for (const { socket, env } of servers.splice(0)) quietly(() => tmuxNow(socket, env, 'kill-server'));
  });

  /** A tmux of its own: socket folder, home and name. */
  function setUp(gtLine = 'true'): {
    readonly tmux: Tmux;
    readonly dir: string;
    readonly run: (...args: string[]) => string;
  } {
    const dir = tempDir();
    const socket = `gt-test-${randomBytes(4).toString('hex')}`;
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      TMUX_TMPDIR: dir,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    };
    servers.push({ socket, env });
    const tmux = createTmux({
      socket,
      configFile: join(dir, 'tmux.conf'),
      files: createFiles(),
      processes: createProcesses(),
      gtLine,
      barsFile: join(dir, 'status-bars'),
      env: { ...env, ANTHROPIC_API_KEY: 'secret', GT_ROLE: 'mayor/', TMUX: '/tmp/tmux-0/default,1,0' },
    });
    return { tmux, dir, run: (...args) => tmuxNow(socket, env, ...args) };
  }

  /** The terminal of a person who is attached: a tmux around the tmux. */
  function attachedScreen(dir: string, socket: string): () => string {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      TMUX_TMPDIR: dir,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    };
    const outer = `${socket}-outer`;
    servers.push({ socket: outer, env });
    const attach = `TMUX= tmux -u -L ${socket} attach`;
    tmuxNow(outer, env, '-u', '-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '10', attach);
    return () => tmuxNow(outer, env, 'capture-pane', '-p');
  }

  tmuxContract(() => {
    const { tmux, dir, run } = setUp();
    return {
      tmux,
      cwd: dir,
      endPane: async (session) => endPane(tmux, session),
      addForeign: async (name) => void run('new-session', '-d', '-s', name, 'sleep', '1000'),
    };
  });

  it('passes words, values and folders as they are', async () => {
    const { tmux, dir, run } = setUp();
    const value = `a; b #{pane_id} $HOME "q" 'é' \\ ;`;
    const out = join(dir, 'out');
    await tmux.start({
      session: 'pj-toast' as SessionName,
      cwd: dir,
      argv: ['sh', '-c', 'printf "%s|%s|%s" "$VALUE" "$1" "$PWD" > out; sleep 1000', 'sh', 'x #S;'],
      env: { VALUE: value },
      look: { address: 'pj/polecats/toast', label: '#(touch hacked) 😺' },
    });
    await until(() => existsSync(out) && readFileSync(out, 'utf8').endsWith(dir));
    expect(readFileSync(out, 'utf8')).toBe(`${value}|x #S;|${dir}`);
    expect(run('display-message', '-p', '-t', '=pj-toast:', '#{T:status-left}')).toBe('#(touch hacked) 😺 ');
    expect(existsSync(join(dir, 'hacked'))).toBe(false);
  });

  it('P18: the server knows nothing of who started it', async () => {
    const { tmux, dir, run } = setUp();
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    const known = run('show-environment', '-g');
    expect(known).not.toMatch(/ANTHROPIC|GT_ROLE|^TMUX=/m);
    expect(known).toContain('PATH=');
  });

  it('P19: the host’s pane goes, a pane that a person opened beside it stays', async () => {
    const { tmux, dir, run } = setUp();
    const session = 'pj-a' as SessionName;
    const spec = { session, cwd: dir, argv: ['sleep', '900'], env: {}, look: LOOK } as const;
    await tmux.start(spec);
    run('split-window', '-t', '=pj-a:', 'sleep', '901');
    await tmux.start(spec);
    expect(run('list-panes', '-t', '=pj-a:', '-F', '#{pane_start_command}').split('\n').sort()).toEqual([
      'sleep 900',
      'sleep 901',
    ]);
    await tmux.kill(session);
    expect(run('list-panes', '-t', '=pj-a:', '-F', '#{pane_start_command}')).toBe('sleep 901');
    await tmux.start(spec);
    expect(run('list-panes', '-s', '-t', '=pj-a', '-F', '#{pane_start_command}').split('\n').sort()).toEqual([
      'sleep 900',
      'sleep 901',
    ]);
  });

  it('a server that has lost its last session and not ended yet has none, which is no failure to look', async () => {
    const { tmux, run } = setUp();
    run('start-server', ';', 'set-option', '-g', 'exit-empty', 'off');
    expect(await tmux.sessions()).toEqual([]);
  });

  it('P26: what a bar’s command prints is text; time and colours of the bar are ours', async () => {
    const { tmux, dir } = setUp(`sh ${join(import.meta.dirname, '../support/hostile-bar.sh')}`);
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    const screen = attachedScreen(dir, tmux.socket);
    await until(() => screen().includes('|'));
    expect(screen()).toMatch(/ --session=pj-a #\{pid\} #\(touch hacked\) %H \| \d\d:\d\d *$/m);
    expect(existsSync(join(dir, 'hacked'))).toBe(false);
  });

  it('P16: a bar that was just drawn is read without a program, an old one is drawn anew by gt', async () => {
    const { tmux, dir } = setUp('printf "by gt: %s |"');
    const bars = (at: number) =>
      writeFileSync(
        join(dir, 'status-bars'),
        `${at}\npj-ab not mine\npj-a ##[bg=red]##(touch hacked) $HOME \\n |\n`,
      );
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    const screen = attachedScreen(dir, tmux.socket);
    await until(() => {
      bars(Math.floor(Date.now() / 1000));
      return screen().includes('touch');
    });
    expect(screen()).toContain(String.raw`#[bg=red]#(touch hacked) $HOME \n | `);
    expect(existsSync(join(dir, 'hacked'))).toBe(false);
    bars(Math.floor(Date.now() / 1000) - 60);
    await until(() => screen().includes('by gt: status-line |by gt: --session=pj-a |'));
  });

  it('P19: keys are gt’s in its own sessions only, and any path may hold gt', async () => {
    const { tmux, dir, run } = setUp(`X='a b)c' sh -c 'echo "$0 $*" > ~/ran' key`);
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    run('new-session', '-d', '-s', 'mine', 'sleep', '9');
    const keys = run('list-keys', '-T', 'prefix');
    for (const key of ['n', 'p', 'a', 'g', 'r'])
      expect(keys).toMatch(new RegExp(`prefix +${key} +if-shell -F "#\\{@gt_role\\}"`));
    expect(keys).toContain('{ next-window }');
    const isOurs = (session: string): string =>
      run('display-message', '-p', '-t', `=${session}:`, '#{?@gt_role,ours,theirs}');
    expect([isOurs('pj-a'), isOurs('mine')]).toEqual(['ours', 'theirs']);
    expect(run('show-options', '-A', '-v', '-t', '=mine:', 'status-right')).toBe('%H:%M ');
    run('run-shell', '-t', '=pj-a:', '#{@gt} cycle next --session=#{q:session_name}');
    expect(readFileSync(join(dir, 'ran'), 'utf8')).toBe('key cycle next --session=pj-a\n');
  });

  it('a server that holds the settings of an older gt gets the new ones with the next session', async () => {
    const { tmux, dir, run } = setUp();
    run('new-session', '-d', '-s', 'mine', 'sleep', '9');
    expect(run('list-keys')).not.toContain('@gt_role');
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    expect(run('list-keys')).toContain('@gt_role');
  });

  it('dresses a session, and undresses it', async () => {
    const { tmux, dir, run } = setUp();
    const session = 'pj-a' as SessionName;
    await tmux.start({ session, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    const option = (...words: string[]): string => run('show-options', '-t', '=pj-a:', ...words);
    await tmux.ui.dress(session, { ...LOOK, colours: { bg: '#1e3a5f', fg: 'white' }, tint: '#101010' });
    expect(option('-v', 'status-style')).toBe('bg=#1e3a5f,fg=white');
    expect(option('-wv', 'window-style')).toBe('bg=#101010');
    await tmux.ui.dress(session, LOOK);
    expect(option('status-style') + option('-w', 'window-style')).toBe('');
    await tmux.ui.dress('pj-gone' as SessionName, LOOK);
  });

  it('P19: reads only its own settings', async () => {
    const { tmux, dir, run } = setUp();
    await createFiles().writeAtomic(
      join(dir, '.tmux.conf'),
      'set -g status-right "user"\nbind-key F12 kill-server\n',
    );
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    expect(run('show-options', '-g')).not.toContain('user');
    expect(run('list-keys')).not.toContain('F12');
  });

  it('says which version it is, and where its socket lies', async () => {
    const { tmux, dir } = setUp();
    expect(await tmux.version()).toMatch(/^\d/);
    await tmux.start({ session: 'pj-a' as SessionName, cwd: dir, argv: ['sleep', '9'], env: {}, look: LOOK });
    expect(await tmux.socketPath()).toContain(join(dir, 'tmux-'));
  });

  it('P25: under test it refuses the user’s own server', () => {
    const options = {
      configFile: '/none',
      files: createFiles(),
      processes: createProcesses(),
      gtLine: 'true',
      barsFile: '/none',
      env: { GT_TEST: '1' },
    };
    expect(() => createTmux({ ...options, socket: 'default' })).toThrow(
      expect.objectContaining({ code: 'tmux.default-socket' }),
    );
  });

  it('P19: inside another tmux it says how to attach instead of nesting', async () => {
    const { tmux } = setUp();
    await expect(tmux.attach('pj-a' as SessionName)).rejects.toMatchObject({
      code: 'tmux.nested',
      hint: expect.stringContaining('attach-session -t =pj-a:'),
    });
  });

  it('says undefined when it is not installed', async () => {
    const tmux = createTmux({
      socket: 'none',
      configFile: '/none',
      files: createFiles(),
      processes: createProcesses(),
      gtLine: 'true',
      barsFile: '/none',
      env: { PATH: '/nowhere' },
    });
    expect(await tmux.version()).toBeUndefined();
  });
});

async function endPane(tmux: Tmux, { name, panePid }: TmuxSession): Promise<void> {
  process.kill(panePid, 'SIGKILL');
  for (;;) {
    const found = (await tmux.sessions()).find((session) => session.name === name);
    if (found === undefined || found.paneDead) return;
  }
}

async function until(check: () => boolean): Promise<void> {
  for (let round = 0; !check(); round += 1) {
    if (round > 1000) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function tmuxNow(socket: string, env: NodeJS.ProcessEnv, ...args: readonly string[]): string {
  return execFileSync('tmux', ['-L', socket, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).replace(/\n$/, '');
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // The server had ended by itself.
  }
}
