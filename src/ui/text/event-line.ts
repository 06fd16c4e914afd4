import { oneLine } from '../../core/text.ts';
import { localTime } from '../../town/log-line.ts';
import type { TownEvent } from '../../town/events.ts';
import { fit } from './width.ts';

const SYMBOLS: Readonly<Record<string, string>> = {
  sling: '🎯',
  hook: '🪝',
  unhook: '↩',
  done: '✓',
  spawn: '🚀',
  kill: '💀',
  session_start: '▶',
  session_end: '⏹',
  session_death: '☠',
  mass_death: '💥',
  handoff: '🤝',
  mail: '✉',
  nudge: '⚡',
  patrol_started: '🦉',
  patrol_complete: '✓',
  polecat_checked: '·',
  polecat_nudged: '⚡',
  escalation_sent: '⬆',
  escalation_acked: '👍',
  escalation_closed: '🔕',
  merge_started: '⚙',
  merged: '✓',
  merge_failed: '✗',
  merge_skipped: '⊘',
  scheduler_enqueue: '▤',
  scheduler_dispatch: '▤',
  scheduler_dispatch_failed: '▤',
  scheduler_close_retry: '▤',
  boot: '🔌',
  halt: '⏹',
  convoy_landed: '🚚',
  rescue: '🛟',
};

const ACTOR_WIDTH = 25;

/** `[HH:MM:SS] <symbol> <actor> <message>`, local time. */
export function eventLine(event: TownEvent): string {
  const time = localTime(event.ts).slice(11);
  const symbol = SYMBOLS[event.type] ?? '•';
  return `[${time}] ${fit(symbol, 2)} ${fit(oneLine(event.actor, ACTOR_WIDTH), ACTOR_WIDTH)} ${eventMessage(event)}`.trimEnd();
}

/** The payload as a sentence's parts. */
interface Words {
  /** The first of these keys that holds text, one line; '' when none does. */
  readonly text: (...keys: readonly string[]) => string;
  readonly event: TownEvent;
  readonly bead: string;
  /** The worker, `r/n` where the rig is known. */
  readonly worker: string;
  /** `: <reason>`, or ''. */
  readonly because: string;
  /** Merge request and branch. */
  readonly merge: string;
}

type Sentence = (words: Words) => string;

const slung: Sentence = ({ bead, text }) => `slung ${bead} to ${text('target')}`;
const subject: Sentence = ({ text }) => joined([text('subject'), prefixed('→ ', text('to'))]);
const nudged: Sentence = ({ worker, because }) => `nudged ${worker}${because}`;

/** What happened, by event type. */
const SENTENCES: Readonly<Record<string, Sentence>> = {
  sling: slung,
  hook: ({ bead }) => `hooked ${bead}`,
  unhook: ({ bead }) => `unhooked ${bead}`,
  done: ({ bead, text }) => joined(['handed in', bead, bracketed(text('branch'))]),
  spawn: ({ worker, bead }) => joined(['started', worker, prefixed('for ', bead)]),
  kill: ({ worker, because }) => `stopped ${worker}${because}`,
  session_start: ({ text }) => joined(['session started', bracketed(text('role'))]),
  session_end: ({ text }) => joined(['session ended', bracketed(text('role'))]),
  session_death: ({ text, because }) => `${text('agent', 'session')} died${because}`,
  mass_death: ({ event, text }) =>
    `${numberOf(event.payload['count'])} agents died within ${text('window')}: ${text('possible_cause')}`,
  mail: subject,
  handoff: subject,
  nudge: nudged,
  polecat_nudged: nudged,
  escalation_sent: ({ text, because }) => `needs a person: ${text('bead', 'target')}${because}`,
  merge_started: ({ merge }) => `landing ${merge}`,
  merged: ({ merge }) => `landed ${merge}`,
  merge_failed: ({ merge, because }) => `sent back ${merge}${because}`,
  merge_skipped: ({ merge, because }) => `left out ${merge}${because}`,
  scheduler_enqueue: ({ bead }) => `queued ${bead}`,
  scheduler_dispatch: ({ bead }) => `dispatched ${bead}`,
  scheduler_dispatch_failed: ({ bead, text }) => `could not dispatch ${bead}: ${text('reason', 'error')}`,
  convoy_landed: ({ text }) => `convoy landed: ${text('title', 'convoy')}`,
};

/** What happened, in words. Writers of different versions use different keys; all are understood. */
export function eventMessage(event: TownEvent): string {
  const text = (...keys: readonly string[]): string => {
    const found = keys
      .map((key) => event.payload[key])
      .find((value) => typeof value === 'string' && value !== '');
    return typeof found === 'string' ? oneLine(found, 120) : '';
  };
  const sentence = SENTENCES[event.type];
  if (sentence === undefined) return text('message', 'summary') || plainPayload(event);
  const polecat = text('polecat');
  const worker = polecat === '' ? text('target', 'agent') : [text('rig'), polecat].filter(isFilled).join('/');
  return sentence({
    event,
    text,
    bead: text('bead', 'issue'),
    worker,
    because: prefixed(': ', text('reason')),
    merge: joined([text('mr'), text('branch')]),
  });
}

function isFilled(part: string): boolean {
  return part !== '';
}

function joined(parts: readonly string[]): string {
  return parts.filter(isFilled).join(' ');
}

function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text;
}

function bracketed(text: string): string {
  return text === '' ? '' : `(${text})`;
}

function numberOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : 'many';
}

function plainPayload({ type, payload }: TownEvent): string {
  const words = Object.entries(payload).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [`${key}=${oneLine(String(value), 60)}`] : [],
  );
  return [type, ...words].join(' ');
}
