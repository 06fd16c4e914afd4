import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIpc } from '../../src/adapters/ipc.ts';
import type { SessionName } from '../../src/core/names.ts';
import { recordingName } from '../../src/core/recording-name.ts';
import { parseFrames } from '../../src/sessions/replay.ts';
import { panePaths } from '../../src/town/layout.ts';
import { PaneWorld, stateOf } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const TOAST = 'pj-toast' as SessionName;

let world: PaneWorld;
beforeEach(() => {
  world = new PaneWorld(tempDir());
});
afterEach(async () => {
  await world.dispose();
});

const ask = (request: Readonly<Record<string, unknown>>): Promise<unknown> =>
  createIpc().request(panePaths(world.paths, TOAST).socket, request, 5000);

async function isGone(pid: number): Promise<true | undefined> {
  return (await world.processes.identify(pid)) === undefined ? true : undefined;
}

describe('the end of an agent', () => {
  it('P1: a signal is told from an exit code', async () => {
    await world.start(TOAST, { steps: [{ signal: 'SIGKILL' }] });
    expect(stateOf(await world.becomes(TOAST, 'exited')).exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    ['the code of its agent', { exit: 37 }, 37],
    ['128 and the signal, as in a shell', { signal: 'SIGKILL' }, 137],
  ] as const)('the host ends with %s, after the last word of its state', async (_name, step, code) => {
    await world.prepare(TOAST, { steps: [step] });
    const result = await world.processes.run({ argv: world.panes.hostArgv(TOAST), env: world.env });
    expect(result).toMatchObject({ end: 'exit', code });
    expect(await world.panes.observe(TOAST)).toMatchObject({ kind: 'exited' });
    expect(existsSync(panePaths(world.paths, TOAST).socket)).toBe(false);
  });

  it('P10: an agent that ignores TERM, and what it has started, are killed', async () => {
    const steps = [
      { ignoreTerm: true },
      { spawn: "trap '' TERM HUP; sleep 1000 & wait; sleep 1000" },
    ] as const;
    const { child } = await world.start(TOAST, { steps });
    await world.becomes(TOAST, 'idle');
    const spawned = world.happenings(TOAST).find((event) => event.type === 'spawned');
    expect(await world.panes.stop(TOAST, 20_000)).toBe(true);
    expect(stateOf(await world.panes.observe(TOAST)).exit).toEqual({ code: null, signal: 'SIGKILL' });
    await world.eventually('no process left', () => isGone(child?.pid ?? 0));
    await world.eventually('no process left', () => isGone(spawned?.type === 'spawned' ? spawned.pid : 0));
  });

  /** What agents leave behind: immune to the closed terminal, orphaned, a job of a shell that has ended. */
  const LEFTOVERS = [
    'nohup sleep 1000 >/dev/null 2>&1 &',
    `sh -c 'trap "" HUP TERM; sleep 1000; sleep 1000' &`,
    '(sleep 1000 &)',
    'bash -ic "sleep 1000 & disown" 2>/dev/null',
  ];

  it.each([
    ['stopped', 'sleep 1000', (): Promise<unknown> => world.panes.stop(TOAST, 20_000)],
    [
      'ended by itself',
      'while [ ! -e over ]; do sleep 0.05; done',
      async () => writeFileSync(join(world.root, 'over'), ''),
    ],
  ])(
    'P10: nothing outlives an agent that was %s, however it went into the background',
    async (_how, last, end) => {
      const script = [...LEFTOVERS, 'trap "" HUP', 'echo up', last].join('\n');
      const { host, child } = await world.start(TOAST, { argv: ['bash', '-c', script] });
      await world.eventually('the script', async () =>
        (await world.panes.screen(TOAST, 5)).includes('up') ? true : undefined,
      );
      const kin = (await world.processes.list()).filter(({ session }) => session === child?.pid);
      expect(kin.length).toBeGreaterThanOrEqual(5);
      await end();
      await world.eventually('the end of the host', () => isGone(host.pid));
      for (const { pid } of kin) expect(await isGone(pid), String(pid)).toBe(true);
    },
  );

  it('P10: nor does what has become a daemon: its environment still says whose it is', async () => {
    const file = join(world.root, 'daemon');
    const daemon = `setsid sh -c 'setsid sh -c "echo \\$\\$ >${file}; exec sleep 1000" &' &`;
    const argv = ['bash', '-c', `${daemon} while [ ! -s ${file} ]; do sleep 0.05; done`] as const;
    const { host, child } = await world.start(TOAST, { argv });
    const pid = await world.eventually('the daemon', () =>
      existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined,
    );
    const info = (await world.processes.list()).find((each) => each.pid === pid);
    expect([info?.session, info?.group]).not.toContain(child?.pid);
    await world.eventually('the end of the host', () => isGone(host.pid));
    expect(await isGone(pid)).toBe(true);
  });

  it('a program that is not there is told, not guessed', async () => {
    const state = await world.start(TOAST, { argv: ['no-such-agent'] });
    expect(state).toMatchObject({
      state: 'exited',
      reason: 'not started: no program no-such-agent',
      exit: { code: 127, signal: null },
    });
  });

  it('so is a folder that is not there', async () => {
    const cwd = join(world.root, 'gone');
    const state = await world.start(TOAST, { cwd });
    expect(state).toMatchObject({ state: 'exited', reason: `not started: no folder ${cwd}` });
  });

  it('the daemon is told', async () => {
    const told: unknown[] = [];
    await using _daemon = await createIpc().serve(world.paths.daemonSocket, async (message) =>
      told.push(message),
    );
    await world.start(TOAST, { steps: [{ exit: 0 }] });
    await world.eventually('the message', () => (told.length > 0 ? true : undefined));
    expect(told).toEqual([{ op: 'wake', reason: 'session-end', session: TOAST }]);
  });

  it('a host that was killed takes its agent along, and the next start works', async () => {
    const { host, child } = await world.start(TOAST, {}, 'tmux');
    process.kill(host.pid, 'SIGKILL');
    await world.eventually('the end of the agent', () => isGone(child?.pid ?? 0));
    expect((await world.panes.observe(TOAST)).kind).toBe('gone');
    await world.start(TOAST, { spawn: 2 }, 'tmux');
    expect(await world.becomes(TOAST, 'idle')).toMatchObject({ kind: 'live', state: { spawn: 2 } });
  });
});

describe('tmux in front', () => {
  it.each([
    ['by itself', 'exit 0', 'has ended: by itself'],
    ['with an error', 'exit 3', 'has ended: exit 3'],
    ['by a signal', 'kill -KILL $$', 'has ended: killed by SIGKILL'],
  ] as const)(
    'shows below the last screen of an agent that ended %s that it has',
    async (_how, end, said) => {
      const screen = String.raw`printf '\033[?1049h\033[2;9r\033[2J\033[5;1Hworking hard'`;
      await world.start(TOAST, { argv: ['sh', '-c', `${screen}; ${end}`] }, 'tmux');
      await world.becomes(TOAST, 'exited');
      const shown = await world.eventually('the line', async () => {
        const text = await world.tmuxRun('capture-pane', '-p', '-t', `=${TOAST}:`);
        return text.includes('has ended') ? text : undefined;
      });
      const lines = shown
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('Pane is dead'));
      expect(lines.at(-1)).toBe(`gt: ${TOAST} ${said}`);
      expect(lines.join('\n')).toContain('working hard');
    },
  );

  it('a closed session ends the agent, and the state says why', async () => {
    await world.start(TOAST, {}, 'tmux');
    await world.becomes(TOAST, 'idle');
    await world.tmuxRun('kill-session', '-t', `=${TOAST}`);
    expect(stateOf(await world.becomes(TOAST, 'exited'))).toMatchObject({
      reason: 'the terminal was closed',
      exit: { code: null, signal: 'SIGHUP' },
    });
  });

  it('so does a tmux server that was killed', async () => {
    await world.start(TOAST, {}, 'tmux');
    await world.becomes(TOAST, 'idle');
    const pid = Number(await world.tmuxRun('display-message', '-p', '#{pid}'));
    process.kill(pid, 'SIGKILL');
    expect(stateOf(await world.becomes(TOAST, 'exited')).reason).toBe('the terminal was closed');
  });

  it('a tmux server that hangs stops neither the socket nor, for a while, the agent', async () => {
    const flood =
      'i=0; while :; do i=$((i+1)); echo "line $i of a flood that fills every buffer on its way"; done';
    await world.start(TOAST, { argv: ['sh', '-c', flood] }, 'tmux');
    const pid = Number(await world.tmuxRun('display-message', '-p', '#{pid}'));
    process.kill(pid, 'SIGSTOP');
    try {
      await world.clock.sleep(1500);
      const before = await world.panes.screen(TOAST, 5);
      expect(before).toMatch(/line \d+ of a flood/);
      expect(await ask({ op: 'state', spawn: 1 })).toMatchObject({ ok: true });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const held = await world.panes.screen(TOAST, 1);
    await world.eventually('the flood to go on', async () =>
      (await world.panes.screen(TOAST, 1)) === held ? undefined : true,
    );
  });

  it('a new size reaches the agent', async () => {
    const script = 'trap "stty size" WINCH; echo up; while :; do sleep 0.05; done';
    await world.start(TOAST, { argv: ['sh', '-c', script] }, 'tmux');
    await world.eventually('up', async () =>
      (await world.panes.screen(TOAST, 9)).includes('up') ? true : undefined,
    );
    await world.tmuxRun('resize-window', '-t', `=${TOAST}:`, '-x', '91', '-y', '31');
    await world.eventually('the size', async () =>
      (await world.panes.screen(TOAST, 9)).includes('31 91') ? true : undefined,
    );
  });

  it('what gt peek shows is what tmux shows', async () => {
    await world.start(
      TOAST,
      { steps: [{ print: 'wide: 你好 é 😺\n\u001B[31mred\u001B[0m  \ttab' }] },
      'tmux',
    );
    await world.becomes(TOAST, 'idle');
    const pane = (await world.tmuxRun('capture-pane', '-p', '-t', `=${TOAST}:`)).trimEnd();
    const clean = (text: string): string => text.replaceAll('\u00A0', ' ').replaceAll(/[ ]+$/gm, '');
    expect(await world.panes.screen(TOAST, 50)).toBe(clean(pane));
  });

  /** Asks for the cursor's position and counts the answers. */
  const COUNT = String.raw`stty -icanon -echo min 0 time 5; printf '\033[6n'; got=$(cat); stty sane; printf 'answers: %s\n' "$(printf %s "$got" | tr -cd R | wc -c)"; sleep 1000`;

  it.each(['tmux', 'detached'] as const)(
    'a question to the terminal is answered once (%s)',
    async (where) => {
      await world.start(TOAST, { argv: ['sh', '-c', COUNT] }, where);
      const screen = await world.eventually('the count', async () => {
        const text = await world.panes.screen(TOAST, 5);
        return text.includes('answers') ? text : undefined;
      });
      expect(screen).toContain('answers: 1');
    },
  );
});

describe('operations of the socket', () => {
  it('D10: a message about another start is refused', async () => {
    await world.start(TOAST, { spawn: 4 });
    for (const spawn of [3, 5]) {
      expect(await ask({ op: 'stop', spawn })).toMatchObject({ ok: false, code: 'stale' });
    }
    expect(await ask({ op: 'restart', spawn: 4 })).toMatchObject({ ok: false, code: 'stale' });
    expect(await ask({ op: 'nonsense', spawn: 4 })).toMatchObject({ ok: false, code: 'bad-request' });
    expect(await world.panes.observe(TOAST)).toMatchObject({ kind: 'live' });
  });

  it('restart begins the next start in the same host', async () => {
    const before = await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    const start = JSON.parse(readFileSync(panePaths(world.paths, TOAST).start, 'utf8')) as object;
    expect(await ask({ op: 'restart', spawn: 2 })).toMatchObject({ ok: false, code: 'refused' });
    writeFileSync(panePaths(world.paths, TOAST).start, JSON.stringify({ ...start, spawn: 2 }));
    expect(await ask({ op: 'restart', spawn: 2 })).toEqual({ ok: true });
    const after = stateOf(
      await world.until(
        TOAST,
        (seen) => 'state' in seen && seen.state.spawn === 2 && seen.state.state === 'idle',
      ),
    );
    expect(after.host).toEqual(before.host);
    expect(after.child).not.toEqual(before.child);
    expect(await world.panes.stop(TOAST, 20_000)).toBe(true);
  });

  it('no single key goes into work: Escape would abort it', async () => {
    await world.start(TOAST, { steps: [{ busyUntil: join(world.root, 'never') }] });
    await world.becomes(TOAST, 'busy');
    expect(await ask({ op: 'key', spawn: 1, key: 'escape' })).toMatchObject({
      ok: false,
      error: 'the agent is busy',
    });
    expect(world.happenings(TOAST).filter(({ type }) => type === 'key')).toEqual([]);
  });
});

describe('the recording', () => {
  it('holds what was printed, as asciicast v2, and not what was typed', async () => {
    await world.start(TOAST, { steps: [{ print: 'for the record é' }] });
    await world.becomes(TOAST, 'idle');
    await world.panes.stop(TOAST, 20_000);
    const cast = readFileSync(join(world.paths.recordingsDir, recordingName(TOAST, 1)), 'utf8');
    const [header = ''] = cast.split('\n');
    expect(JSON.parse(header)).toMatchObject({ version: 2, width: 200, height: 50 });
    expect(
      parseFrames(cast)
        .map(({ text }) => text)
        .join(''),
    ).toContain('for the record é');
  });
});
