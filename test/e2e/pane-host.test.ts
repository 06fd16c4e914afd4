import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIpc } from '../../src/adapters/ipc.ts';
import type { SessionName } from '../../src/core/names.ts';
import { recordingName } from '../../src/core/recording-name.ts';
import { enqueueNudge } from '../../src/sessions/nudge-queue.ts';
import { parseFrames } from '../../src/sessions/replay.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { panePaths } from '../../src/town/layout.ts';
import { CLAUDE_RULES, PaneWorld, stateOf } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const TOAST = 'pj-toast' as SessionName;
const WHEN_IDLE = { mode: 'when-idle', waitMs: 15_000 } as const;

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

describe('a person at the keyboard', () => {
  it('P12: is never typed over: an unfinished line keeps gt waiting, Enter sets it free', async () => {
    await world.start(TOAST, {}, 'tmux');
    await world.becomes(TOAST, 'idle');
    await world.tmuxRun('send-keys', '-t', `=${TOAST}:`, '-l', 'half a sen');
    await world.eventually('the line on the screen', async () =>
      (await world.panes.screen(TOAST, 10)).includes('half a sen') ? true : undefined,
    );
    const refused = { sent: false, why: 'a person is typing' };
    expect(await world.panes.inject(TOAST, { text: 'nudge', mode: 'when-idle', waitMs: 300 })).toEqual(
      refused,
    );
    expect(await world.panes.inject(TOAST, { text: 'nudge', mode: 'immediate', waitMs: 0 })).toEqual(refused);
    await world.tmuxRun('send-keys', '-t', `=${TOAST}:`, 'tence', 'Enter');
    expect(await world.panes.inject(TOAST, { text: 'nudge', ...WHEN_IDLE })).toEqual({ sent: true });
    await world.becomes(TOAST, 'idle');
    expect(world.submitted(TOAST)).toEqual(['half a sentence', 'nudge']);
  });

  it('P12: keys that come while gt types are held back, so the texts do not mix', async () => {
    await world.start(TOAST, {}, 'tmux');
    await world.becomes(TOAST, 'idle');
    const text = `begin ${'x'.repeat(5000)} end`;
    const typing = world.panes.inject(TOAST, { text, ...WHEN_IDLE });
    await world.eventually('the text on the screen', async () =>
      (await world.panes.screen(TOAST, 50)).includes('xxx') ? true : undefined,
    );
    // gt now waits before it presses Enter.
    const keys = Array.from({ length: 8 }, () => world.tmuxRun('send-keys', '-t', `=${TOAST}:`, '-l', 'k'));
    await Promise.all(keys);
    expect(await typing).toEqual({ sent: true });
    await world.tmuxRun('send-keys', '-t', `=${TOAST}:`, 'Enter');
    const all = await world.eventually('both texts', () => {
      const texts = world.submitted(TOAST);
      return texts.length >= 2 ? texts : undefined;
    });
    expect(all).toEqual([text, 'kkkkkkkk']);
  });

  it('a terminal’s own answers are no typing', async () => {
    const query = String.raw`printf '\033[6n\033[c\033]11;?\033\\'; stty -icanon -echo; printf '❯ '; cat > /dev/null`;
    await world.start(TOAST, { argv: ['sh', '-c', query] }, 'tmux');
    await world.becomes(TOAST, 'idle');
    expect(stateOf(await world.panes.observe(TOAST)).lastHuman).toBeUndefined();
  });
});

describe('text for the agent', () => {
  it('keeps its lines where the agent takes a paste', async () => {
    await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    await world.panes.inject(TOAST, { text: 'one\ntwo\n\nthree “quoted” $HOME `x` é', ...WHEN_IDLE });
    await world.becomes(TOAST, 'idle');
    expect(world.submitted(TOAST)).toEqual(['one\ntwo\n\nthree “quoted” $HOME `x` é']);
  });

  it('is one line where each line break would be an Enter', async () => {
    const rules = { ...CLAUDE_RULES, ready: 'delay', readyDelayMs: 0 } as const;
    await world.start(TOAST, { flags: ['--style', 'plain'], rules });
    await world.becomes(TOAST, 'idle');
    await world.panes.inject(TOAST, { text: 'one\ntwo', ...WHEN_IDLE });
    await world.becomes(TOAST, 'idle');
    expect(world.submitted(TOAST)).toEqual(['one two']);
  });

  it('P12: several at once reach it one by one, whole, and each once', async () => {
    await world.start(TOAST, {});
    await world.becomes(TOAST, 'idle');
    const texts = Array.from({ length: 5 }, (_, n) => `message ${n} ${'y'.repeat(300)}`);
    const outcomes = texts.map((text) =>
      world.panes.inject(TOAST, { text, mode: 'when-idle', waitMs: 30_000 }),
    );
    expect(await Promise.all(outcomes)).toEqual(texts.map(() => ({ sent: true })));
    await world.becomes(TOAST, 'idle');
    expect([...world.submitted(TOAST)].sort()).toEqual(texts);
  });

  it('a first prompt for an agent that takes none as an argument is typed when it is ready', async () => {
    await world.start(TOAST, { prompt: 'work on pj-1' });
    await world.eventually('the prompt', () => (world.submitted(TOAST).length > 0 ? true : undefined));
    expect(world.submitted(TOAST)).toEqual(['work on pj-1']);
  });

  it('P12: queued nudges come as one batch when the agent becomes idle, and at once when it is', async () => {
    const done = join(world.root, 'done');
    const place = {
      paths: world.paths,
      ports: { files: createFiles(), clock: world.clock, random: createRandom() },
    };
    const queue = (message: string): Promise<void> =>
      enqueueNudge(
        place,
        TOAST,
        {
          sender: 'mayor/',
          message,
          priority: 'normal',
          kind: undefined,
          timestamp: '',
          expiresAt: undefined,
          deliverAfter: undefined,
        },
        50,
      );
    await queue('before the start');
    await world.start(TOAST, { steps: [{ busyUntil: done }] });
    await world.becomes(TOAST, 'busy');
    await queue('while busy');
    expect(world.submitted(TOAST)).toEqual([]);
    writeFileSync(done, '');
    await world.eventually('the first batch', () => (world.submitted(TOAST).length === 1 ? true : undefined));
    await world.becomes(TOAST, 'idle');
    await queue('while idle');
    await world.eventually('the second batch', () =>
      world.submitted(TOAST).length === 2 ? true : undefined,
    );
    expect(world.submitted(TOAST)).toEqual([
      '[from mayor/] before the start\n[from mayor/] while busy',
      '[from mayor/] while idle',
    ]);
  });
});

describe('dialogs at the start', () => {
  const TITLE = 'Quick safety check: Is this a project you created or one you trust?';
  const YES = 'Yes, I trust this folder';

  it.each([
    ['"No, exit" marked, the wanted row below', ['No, exit', YES], 0],
    ['the wanted row above', [YES, 'No, exit', 'Ask later'], 2],
    ['the wanted row marked already', [YES, 'No, exit'], 0],
  ])('P17: %s', async (_name, options, marked) => {
    await world.start(TOAST, { steps: [{ ask: { title: TITLE, options, marked, wanted: YES } }] });
    await world.becomes(TOAST, 'idle');
    expect(world.happenings(TOAST)).toContainEqual({ type: 'answered', title: TITLE, option: YES });
  });

  it('P17: no key is pressed in a dialog that nobody knows', async () => {
    await world.start(TOAST, { steps: [{ ask: { title: 'Delete everything?', options: ['Yes', 'No'] } }] });
    const seen = stateOf(await world.becomes(TOAST, 'dialog'));
    expect(seen.reason).toBe('needs-input: a question');
    await world.clock.sleep(1000);
    expect(world.happenings(TOAST).map(({ type }) => type)).toEqual(['started']);
    // A person answers; the agent goes on.
    expect(await ask({ op: 'key', spawn: 1, key: 'down' })).toEqual({ ok: true });
    expect(await ask({ op: 'key', spawn: 1, key: 'enter' })).toEqual({ ok: true });
    await world.becomes(TOAST, 'idle');
    expect(world.happenings(TOAST)).toContainEqual({
      type: 'answered',
      title: 'Delete everything?',
      option: 'No',
    });
  });

  it('P17: a known dialog without the wanted row is left to a person', async () => {
    await world.start(TOAST, { steps: [{ ask: { title: TITLE, options: ['No, exit', 'Maybe'] } }] });
    expect(stateOf(await world.becomes(TOAST, 'dialog')).reason).toBe('needs-input: trust');
    await world.clock.sleep(1000);
    expect(world.happenings(TOAST).map(({ type }) => type)).toEqual(['started']);
  });
});

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
