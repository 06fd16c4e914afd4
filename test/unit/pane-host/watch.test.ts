import { describe, expect, it } from 'vitest';
import type { PanePhase, PaneRules } from '../../../src/ports/panes.ts';
import {
  FIRST_WATCH,
  afterTyping,
  compileRules,
  nextWatch,
  pollDelay,
} from '../../../src/pane-host/watch.ts';
import type { Look, Watch } from '../../../src/pane-host/watch.ts';
import { PRESETS } from '../../../src/runtimes/presets.ts';
import { makeRecord } from '../../../src/runtimes/record.ts';

const PROMPT = ['• hello', '❯', '  ⏵⏵ bypass permissions on (shift+tab to cycle)'];
const WORKING = ['✻ Thinking…', '❯', '  ⏵⏵ bypass permissions on · esc to interrupt'];
const TRUST = [
  'Quick safety check: Is this a project you trust?',
  '',
  '❯ No, exit',
  '  Yes, I trust this folder',
  '',
  'Enter to confirm',
];
const LIMIT = ["You've hit your limit · resets 7pm", '❯', '  ⏵⏵ bypass permissions on'];
const BLANK = [''];

const preset = PRESETS['claude'] ?? {};
const CLAUDE = makeRecord({
  name: 'claude',
  presetName: 'claude',
  preset,
  custom: false,
}).rules;
const OPENCODE = makeRecord({
  name: 'opencode',
  presetName: 'opencode',
  preset: PRESETS['opencode'] ?? {},
  custom: false,
}).rules;
const FOOTER = ['  ┃  Build · standin', '       15 (0%)  ctrl+p commands    • OpenCode'];
const FOOTER_BUSY = ['  ┃  Build · standin', ' ■■■■  esc interrupt      ctrl+p commands    • OpenCode'];
const DELAY: PaneRules = { ...CLAUDE, ready: 'delay', readyDelayMs: 3000 };
const ONCE: PaneRules = { ...CLAUDE, ready: 'once', dialogs: [], busyPatterns: [], limitPatterns: [] };

/** 15:00 local time: the limit's 7pm is four hours away. */
const WALL = new Date(2026, 5, 1, 15, 0, 0).getTime();
const HOUR = 3_600_000;

interface Glance extends Partial<Look> {
  readonly rows: readonly string[];
}

/** Looks 200 ms apart; each may set the clock further. */
function watchAll(rules: PaneRules, glances: readonly Glance[], from: Watch = FIRST_WATCH): Watch {
  const compiled = compileRules(rules);
  return glances.reduce<Watch>((watch, glance, index) => {
    const now = (index + 1) * 200;
    return nextWatch(
      watch,
      { now, wall: WALL + now, quietMs: 0, ageMs: now, told: false, ...glance },
      compiled,
    );
  }, from);
}

const looks = (rows: readonly string[], count: number, more: Partial<Look> = {}): readonly Glance[] =>
  Array.from({ length: count }, () => ({ rows, ...more }));
const IDLE = watchAll(CLAUDE, looks(PROMPT, 3));

describe('what the screen says about an agent', () => {
  const table: readonly (readonly [string, PaneRules, readonly Glance[], PanePhase])[] = [
    ['nothing printed yet', CLAUDE, looks(BLANK, 5), 'starting'],
    ['a prompt seen once may be a coincidence', CLAUDE, looks(PROMPT, 1), 'starting'],
    ['a prompt seen twice', CLAUDE, looks(PROMPT, 2), 'ready'],
    ['a prompt that stays', CLAUDE, looks(PROMPT, 3), 'idle'],
    ['work from the start proves that it has started', CLAUDE, looks(WORKING, 1), 'ready'],
    ['work from the start', CLAUDE, looks(WORKING, 5), 'busy'],
    ['the agent says itself that it is ready', CLAUDE, looks(BLANK, 1, { told: true }), 'ready'],
    ['it said so, then works', CLAUDE, [...looks(BLANK, 1, { told: true }), ...looks(WORKING, 1)], 'busy'],
    ['work after idle', CLAUDE, [...looks(PROMPT, 3), ...looks(WORKING, 1)], 'busy'],
    [
      'a prompt between two tool calls',
      CLAUDE,
      [...looks(PROMPT, 3), ...looks(WORKING, 2), ...looks(PROMPT, 1), ...looks(WORKING, 1)],
      'busy',
    ],
    ['work that has ended', CLAUDE, [...looks(PROMPT, 3), ...looks(WORKING, 2), ...looks(PROMPT, 2)], 'idle'],
    ['opencode that has drawn nothing yet, however long', OPENCODE, looks(BLANK, 90), 'starting'],
    ['opencode with its footer', OPENCODE, looks(FOOTER, 2), 'ready'],
    ['opencode at work', OPENCODE, [...looks(FOOTER, 3), ...looks(FOOTER_BUSY, 1)], 'busy'],
    ['a screen without prompt sign after idle', CLAUDE, [...looks(PROMPT, 3), ...looks(BLANK, 1)], 'busy'],
    ['a dialog at the start', CLAUDE, looks(TRUST, 1), 'dialog'],
    ['a dialog answered', CLAUDE, [...looks(TRUST, 2), ...looks(PROMPT, 2)], 'ready'],
    ['a dialog between', CLAUDE, [...looks(PROMPT, 3), ...looks(TRUST, 1)], 'dialog'],
    ['a limit seen once', CLAUDE, [...looks(PROMPT, 3), ...looks(LIMIT, 1)], 'idle'],
    ['a limit that stays', CLAUDE, [...looks(PROMPT, 3), ...looks(LIMIT, 2)], 'limited'],
    ['a limit quoted by a working agent', CLAUDE, looks([...LIMIT.slice(0, 1), ...WORKING], 4), 'busy'],
    ['no prompt sign known, still young', DELAY, looks(BLANK, 4, { ageMs: 2000, quietMs: 2000 }), 'starting'],
    [
      'no prompt sign known, still printing',
      DELAY,
      looks(BLANK, 4, { ageMs: 5000, quietMs: 50 }),
      'starting',
    ],
    ['no prompt sign known, old and quiet', DELAY, looks(BLANK, 3, { ageMs: 5000, quietMs: 1500 }), 'idle'],
    ['a script runs', ONCE, looks(BLANK, 1), 'ready'],
    ['a script is never idle', ONCE, looks(PROMPT, 5, { quietMs: 60_000 }), 'busy'],
  ];

  it.each(table)('%s', (_what, rules, glances, phase) => {
    expect(watchAll(rules, glances).phase).toBe(phase);
  });

  it('P22: a limit tells until when, and nothing is due before', () => {
    const limited = watchAll(CLAUDE, looks(LIMIT, 2), IDLE);
    expect(limited.limitReset).toBe(new Date(2026, 5, 1, 19, 0, 0).getTime());
    expect(watchAll(CLAUDE, looks(LIMIT, 3, { wall: WALL + 3 * HOUR }), limited).phase).toBe('limited');
  });

  it('P22: after the reset the agent is idle although the text still stands there', () => {
    const limited = watchAll(CLAUDE, looks(LIMIT, 2), IDLE);
    expect(watchAll(CLAUDE, looks(LIMIT, 3, { wall: WALL + 4.1 * HOUR }), limited).phase).toBe('idle');
  });

  it('P22: an agent cut off in its turn is to go on, once; one that sat at its prompt is not', () => {
    const over = { wall: WALL + 4.1 * HOUR };
    const cutOff = watchAll(CLAUDE, looks(LIMIT, 2), { ...IDLE, phase: 'busy', calm: 0 });
    expect(cutOff.interrupted).toBe('limited');
    const due = watchAll(CLAUDE, looks(LIMIT, 3, over), cutOff);
    expect(due).toMatchObject({ phase: 'idle', interrupted: 'over' });
    expect(watchAll(CLAUDE, looks(LIMIT, 5, over), afterTyping(due, 0)).interrupted).toBe('no');
    expect(watchAll(CLAUDE, looks(WORKING, 1, over), due).interrupted).toBe('no');
    const atRest = watchAll(CLAUDE, looks(LIMIT, 2), IDLE);
    expect(watchAll(CLAUDE, looks(LIMIT, 3, over), atRest).interrupted).toBe('no');
  });

  it('P22: agents whose limits end together are let go one after the other', () => {
    const ends = [0, 0.5, 1].map((place) => {
      const look = { rows: LIMIT, wall: WALL, now: 0, quietMs: 0, ageMs: 0, told: false };
      const once = nextWatch(IDLE, look, compileRules(CLAUDE, place));
      return nextWatch(once, look, compileRules(CLAUDE, place)).limitUntil;
    });
    const reset = new Date(2026, 5, 1, 19, 0, 0).getTime();
    expect(ends).toEqual([reset, reset + 60_000, reset + 120_000]);
  });

  it('P22: a limit that was worked off does not come back for the next day', () => {
    const limited = watchAll(CLAUDE, looks(LIMIT, 2), IDLE);
    const later = looks([...LIMIT.slice(0, 1), ...WORKING], 2, { wall: WALL + 4.1 * HOUR });
    const done = [...later, ...looks(LIMIT, 4, { wall: WALL + 5 * HOUR })];
    expect(watchAll(CLAUDE, done, limited).phase).toBe('idle');
  });

  it('P17: a dialog that nobody told us how to answer needs a person', () => {
    const question = ['Do you want to proceed?', '❯ 1. Yes', '  2. No', '', 'Enter to confirm'];
    expect(watchAll(CLAUDE, looks(question, 1), IDLE)).toMatchObject({
      phase: 'dialog',
      reason: 'needs-input: a question',
    });
  });

  it('an agent that quotes a dialog is in none', () => {
    const quoting = ['• The dialog says: Quick safety check ... No, exit', ...PROMPT];
    expect(watchAll(CLAUDE, looks(quoting, 3)).phase).toBe('idle');
  });

  it('what we have typed makes it busy, whatever the screen still shows', () => {
    const typed = afterTyping(IDLE, 1000);
    expect(watchAll(CLAUDE, looks(PROMPT, 4, { now: 1500 }), typed).phase).toBe('busy');
    expect(watchAll(CLAUDE, looks(PROMPT, 2, { now: 2500 }), typed).phase).toBe('idle');
  });

  it.each(['exiting', 'exited'] as const)('an agent that is %s stays so', (phase) => {
    expect(watchAll(CLAUDE, looks(PROMPT, 5), { ...IDLE, phase }).phase).toBe(phase);
  });

  it('looks again only while that may change something: an idle or busy agent costs nothing', () => {
    const at = { now: 10_000, wall: WALL };
    const rules = compileRules(CLAUDE);
    expect(pollDelay(IDLE, rules, at)).toBeUndefined();
    expect(pollDelay({ ...IDLE, phase: 'busy', calm: 0 }, rules, at)).toBeUndefined();
    expect(pollDelay({ ...IDLE, phase: 'busy', calm: 1 }, rules, at)).toBe(200);
    expect(pollDelay({ ...IDLE, phase: 'dialog' }, rules, at)).toBeUndefined();
    expect(pollDelay({ ...IDLE, phase: 'busy', calm: 0 }, compileRules(ONCE), at)).toBeUndefined();
  });
});
