import type { TownEvent } from './events.ts';

/** The word of `gt log` for each event that changes an agent's life; other events have no line. */
const LOG_WORDS: Readonly<Record<string, string>> = {
  spawn: 'spawn',
  session_start: 'wake',
  nudge: 'nudge',
  handoff: 'handoff',
  handoff_failed: 'handoff-NOPERSIST',
  done: 'done',
  session_death: 'crash',
  kill: 'kill',
};

/** `YYYY-MM-DD HH:MM:SS [type] agent detail` in local time, or undefined when the event is none of `gt log`. */
export function townLogLine(event: TownEvent): string | undefined {
  const word = LOG_WORDS[event.type];
  if (word === undefined) return undefined;
  const detail = detailOf(event);
  return `${localTime(event.ts)} [${word}] ${subjectOf(event)}${detail === '' ? '' : ` ${detail}`}`;
}

/** `YYYY-MM-DD HH:MM:SS`, local. */
export function localTime(ts: string): string {
  const date = new Date(ts);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The agent that the event is about; writers use different keys. */
function subjectOf({ payload, actor }: TownEvent): string {
  const text = (key: string): string | undefined => {
    const value = payload[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const polecat = text('polecat');
  const rig = text('rig');
  if (polecat !== undefined) return rig === undefined ? polecat : `${rig}/${polecat}`;
  return text('agent') ?? text('target') ?? actor;
}

function detailOf({ payload }: TownEvent): string {
  return ['bead', 'branch', 'reason', 'subject', 'session']
    .map((key) => payload[key])
    .filter((value) => typeof value === 'string' && value !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ');
}

/** One line of logs/town.log, parsed. */
export interface LogLine {
  /** Local, `YYYY-MM-DD HH:MM:SS`. */
  readonly time: string;
  readonly type: string;
  readonly agent: string;
  readonly detail: string;
  /** The line as it stands. */
  readonly text: string;
}

/** undefined for a torn or foreign line. */
export function parseLogLine(text: string): LogLine | undefined {
  const match = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \[([\w-]+)\] (\S+)(?: (.*))?$/.exec(text);
  if (match === null) return undefined;
  const [, time = '', type = '', agent = '', detail = ''] = match;
  return { time, type, agent, detail, text };
}
