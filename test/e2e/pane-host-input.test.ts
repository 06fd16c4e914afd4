import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIpc } from '../../src/adapters/ipc.ts';
import type { SessionName } from '../../src/core/names.ts';
import { enqueueNudge } from '../../src/sessions/nudge-queue.ts';
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

  const question = { title: 'Do you want to proceed?', options: ['Yes', 'No'] };

  /** A dialog comes up while gt waits before it presses Enter, which would answer it. */
  async function cutOff(text: string, waitMs: number): Promise<{ readonly typing: Promise<unknown> }> {
    const work = join(world.root, 'work');
    await world.start(TOAST, { steps: [{ busyUntil: work }, { ask: question }] }, 'tmux');
    await world.becomes(TOAST, 'busy');
    const typing = world.panes.inject(TOAST, { text, mode: 'immediate', waitMs });
    await world.eventually('the text on the screen', async () =>
      (await world.panes.screen(TOAST, 50)).includes('xxx') ? true : undefined,
    );
    writeFileSync(work, '');
    return { typing };
  }
  const long = `begin ${'x'.repeat(3000)} end`;

  it('P12: a text that a dialog cut off before Enter is sent once, together with what has come since', async () => {
    const { typing } = await cutOff(long, 0);
    expect(await typing).toEqual({ sent: false, why: 'a dialog has come up' });
    await world.becomes(TOAST, 'dialog');
    await ask({ op: 'key', spawn: 1, key: 'enter' });
    await world.becomes(TOAST, 'idle');
    expect(await world.panes.inject(TOAST, { text: `${long}\nmore`, ...WHEN_IDLE })).toEqual({ sent: true });
    await world.becomes(TOAST, 'idle');
    expect(world.submitted(TOAST)).toEqual([`${long}\nmore`]);
  });

  it('P12: with time left it is sent, once, when the dialog is answered', async () => {
    const { typing } = await cutOff(long, 15_000);
    await world.clock.sleep(1500);
    await world.becomes(TOAST, 'dialog');
    await ask({ op: 'key', spawn: 1, key: 'enter' });
    expect(await typing).toEqual({ sent: true });
    await world.becomes(TOAST, 'idle');
    expect(world.submitted(TOAST)).toEqual([long]);
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
