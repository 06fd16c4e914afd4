import type { PanePhase, PaneRules } from '../ports/panes.ts';
import { findDialog } from './dialog.ts';
import { UNKNOWN_LIMIT_MS, findLimit } from './limit.ts';
import type { LimitNotice } from './limit.ts';
import { compilePatterns, showsPrompt } from './rows.ts';

/** Polls that must agree before the agent counts as idle or limited. */
const AGREEING_POLLS = 2;
/** Milliseconds between two polls that count. */
export const POLL_MS = 200;
/** Silence after which an agent without a prompt sign counts as idle. */
const QUIET_MS = 1000;

/** The rules of a record with its patterns compiled. */
export interface WatchRules extends Omit<PaneRules, 'busyPatterns' | 'limitPatterns'> {
  readonly busy: readonly RegExp[];
  readonly limits: readonly RegExp[];
  /** 0 … 1: this agent's place among those whose limit ends at the same moment. */
  readonly place: number;
}

export function compileRules({ busyPatterns, limitPatterns, ...rules }: PaneRules, place = 0): WatchRules {
  return { ...rules, busy: compilePatterns(busyPatterns), limits: compilePatterns(limitPatterns), place };
}

/** What the host believes of its agent. */
export interface Watch {
  readonly phase: PanePhase;
  /** Was once at its prompt, or told so itself. */
  readonly wasReady: boolean;
  /** Polls in a row that looked idle. */
  readonly calm: number;
  /** Polls in a row that showed the limit. */
  readonly limited: number;
  /** Monotonic ms before which nothing counts as idle: we have just typed. */
  readonly notBefore: number;
  readonly reason: string | undefined;
  /** Unix ms until which a limit holds. */
  readonly limitUntil: number | undefined;
  readonly limitText: string | undefined;
  /** The reset time that the agent itself named. */
  readonly limitReset: number | undefined;
  /** Text of a limit whose time is over; it may stay on the screen. */
  readonly spentLimit: string | undefined;
  /** A limit came in the middle of a turn: `over` = its time has come, and nothing has set the agent to work again. */
  readonly interrupted: 'no' | 'limited' | 'over';
}

const NO_LIMIT = {
  limited: 0,
  limitUntil: undefined,
  limitText: undefined,
  limitReset: undefined,
  spentLimit: undefined,
};

export const FIRST_WATCH: Watch = {
  phase: 'starting',
  wasReady: false,
  calm: 0,
  notBefore: 0,
  reason: undefined,
  interrupted: 'no',
  ...NO_LIMIT,
};

/** One reading of the screen with its times. */
export interface Look {
  readonly rows: readonly string[];
  /** Monotonic ms. */
  readonly now: number;
  /** Unix ms. */
  readonly wall: number;
  /** Since the last byte of output. */
  readonly quietMs: number;
  /** Since the child was started. */
  readonly ageMs: number;
  /** The agent said itself that it is ready (op `ready`). */
  readonly told: boolean;
}

/** What the next state is, given what was believed and what the screen shows. Pure. */
export function nextWatch(before: Watch, look: Look, rules: WatchRules): Watch {
  if (before.phase === 'exiting' || before.phase === 'exited') return before;
  const busy = rules.busy.some((pattern) => look.rows.some((row) => pattern.test(row)));
  const watch = busy
    ? { ...liftLimit(before), interrupted: 'no' as const }
    : noteLimit(before, findLimit(look.rows, rules.limits, look.wall), { look, rules });
  if (watch.limitUntil !== undefined) return watch;
  const dialog = findDialog(look.rows, rules.dialogs);
  if (dialog !== undefined) {
    const reason = dialog.wanted === undefined ? `needs-input: ${dialog.name}` : `dialog: ${dialog.name}`;
    return { ...watch, phase: 'dialog', reason, calm: 0 };
  }
  const idle = !busy && look.now >= watch.notBefore && looksIdle(look, rules);
  const told = look.told || busy || rules.ready === 'once';
  return advance({ ...watch, reason: undefined, calm: idle ? watch.calm + 1 : 0 }, told);
}

/** We have typed: whatever the screen still shows, the agent has something to do now. */
export function afterTyping(watch: Watch, now: number): Watch {
  if (watch.phase === 'exiting' || watch.phase === 'exited') return watch;
  return { ...watch, phase: 'busy', calm: 0, interrupted: 'no', notBefore: now + QUIET_MS };
}

function looksIdle(look: Look, rules: WatchRules): boolean {
  switch (rules.ready) {
    case 'once':
      return false;
    case 'prefix':
      return showsPrompt(look.rows, rules.readyPrefix ?? '❯ ');
    case 'text':
      return look.rows.some((row) => row.includes(rules.readyText ?? ''));
    case 'delay':
      return look.ageMs >= rules.readyDelayMs && look.quietMs >= QUIET_MS;
  }
}

/** @param told there is other proof than the prompt that the agent has started: it said so, or it works */
function advance(watch: Watch, told: boolean): Watch {
  const calm = watch.calm >= AGREEING_POLLS;
  if (!watch.wasReady) {
    return calm || told ? { ...watch, phase: 'ready', wasReady: true } : { ...watch, phase: 'starting' };
  }
  return { ...watch, phase: calm ? 'idle' : settled(watch) };
}

/** One odd poll makes an idle agent busy; only agreeing polls make it idle again. */
function settled({ phase, calm }: Watch): PanePhase {
  return phase === 'idle' && calm > 0 ? 'idle' : 'busy';
}

/** Whatever limit stands on the screen is history. */
function liftLimit(watch: Watch): Watch {
  const spentLimit = watch.limitText ?? watch.spentLimit;
  return { ...watch, ...NO_LIMIT, spentLimit, interrupted: watch.interrupted === 'no' ? 'no' : 'over' };
}

/** Agents of one login are let go one after the other: all at once they would be at the next limit at once. */
const MAX_SPREAD_MS = 2 * 60_000;
const SPREAD_SHARE = 0.1;

function limitEnd({ reset }: LimitNotice, wall: number, place: number): number {
  const end = reset ?? wall + UNKNOWN_LIMIT_MS;
  return end + place * Math.min(MAX_SPREAD_MS, (end - wall) * SPREAD_SHARE);
}

function noteLimit(
  before: Watch,
  notice: LimitNotice | undefined,
  { look, rules }: { readonly look: Look; readonly rules: WatchRules },
): Watch {
  if (notice === undefined) return { ...liftLimit(before), ...NO_LIMIT };
  if (before.limitUntil !== undefined && look.wall >= before.limitUntil) return liftLimit(before);
  if (notice.text === before.spentLimit) return { ...before, limited: 0 };
  const limited = before.limited + 1;
  if (before.limitUntil !== undefined || limited < AGREEING_POLLS) return { ...before, limited };
  return {
    ...before,
    phase: 'limited',
    limited,
    calm: 0,
    reason: notice.text.slice(0, 200),
    limitText: notice.text,
    limitReset: notice.reset,
    limitUntil: limitEnd(notice, look.wall, rules.place),
    spentLimit: undefined,
    interrupted: before.phase === 'idle' || before.phase === 'dialog' ? 'no' : 'limited',
  };
}

/** Longest sleep while limited: the machine may have slept meanwhile. */
const LIMIT_POLL_MS = 60_000;

/** Whether the agent is ready shows on its screen, so only output can change it. */
function isSeen({ ready }: WatchRules): boolean {
  return ready === 'prefix' || ready === 'text';
}

/** When to look again although nothing is printed; undefined = only output can change the state. */
export function pollDelay(
  watch: Watch,
  rules: WatchRules,
  { now, wall }: { readonly now: number; readonly wall: number },
): number | undefined {
  switch (watch.phase) {
    case 'starting':
      return !isSeen(rules) || watch.calm > 0 || watch.limited > 0 ? POLL_MS : undefined;
    case 'ready':
      return POLL_MS;
    case 'busy':
      if (watch.calm > 0 || watch.limited > 0) return POLL_MS;
      if (watch.notBefore > now) return watch.notBefore - now;
      return rules.ready === 'delay' ? QUIET_MS : undefined;
    case 'limited':
      return Math.min(LIMIT_POLL_MS, Math.max(POLL_MS, (watch.limitUntil ?? wall) - wall));
    case 'idle':
      return watch.limited > 0 ? POLL_MS : undefined;
    case 'dialog':
    case 'exiting':
    case 'exited':
      return undefined;
  }
}
