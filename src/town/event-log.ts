import { dirname, join } from 'node:path';
import type { TownBase } from './base.ts';
import { parseEvent } from './events.ts';
import type { TownEvent } from './events.ts';

/** Which events; absent = any. */
export interface EventFilter {
  /** Unix ms, inclusive. */
  readonly since?: number;
  readonly types?: readonly string[];
  /** Rig in the actor's address or the payload. */
  readonly rig?: string;
  /** Part of the actor, or of any text in the payload. */
  readonly about?: string;
  readonly visibility?: 'feed' | 'audit';
  /** The newest so many. */
  readonly limit?: number;
}

/** Events read, and where reading goes on. */
export interface EventPage {
  /** Oldest first. */
  readonly events: readonly TownEvent[];
  /** Byte offset after the last whole line. */
  readonly next: number;
}

type EventSource = Pick<TownBase, 'paths' | 'ports'>;

const FIRST_CHUNK = 256 * 1024;

/** The newest events that pass the filter, oldest first. Reads from the end: a long log costs no more than a short one. */
export async function readEvents(town: EventSource, filter: EventFilter = {}): Promise<readonly TownEvent[]> {
  return (await readNewest(town, filter)).events;
}

/**
 * Every event of some types, oldest first, also from files that were put aside (`.events.jsonl.1` is the newest of
 * those).
 */
export async function readWholeLog(
  town: EventSource,
  types: readonly string[],
): Promise<readonly TownEvent[]> {
  const { eventsFile } = town.paths;
  const { files } = town.ports;
  const names = ((await files.list(dirname(eventsFile))) ?? []).map(({ name }) => name);
  const aside = names.filter((name) => /^\.events\.jsonl\.\d+$/.test(name)).sort(olderFirst);
  const paths = [...aside.map((name) => join(dirname(eventsFile), name)), eventsFile];
  const texts = await Promise.all(paths.map((path) => files.readText(path)));
  // Most lines are of other types, and reading a line costs more than looking for a word in it.
  const words = types.map((type) => `"${type}"`);
  return texts.flatMap((text = '') =>
    text.split('\n').flatMap((line) => {
      const event = words.some((word) => line.includes(word)) ? parseEvent(line) : undefined;
      return event !== undefined && types.includes(event.type) ? [event] : [];
    }),
  );
}

function olderFirst(a: string, b: string): number {
  return Number(b.split('.').at(-1)) - Number(a.split('.').at(-1));
}

/** As `readEvents`, with the offset from which `readEventsFrom` goes on. */
export async function readNewest(town: EventSource, filter: EventFilter): Promise<EventPage> {
  const size = (await town.ports.files.stat(town.paths.eventsFile))?.size ?? 0;
  for (let chunk = FIRST_CHUNK; ; chunk *= 4) {
    const from = Math.max(0, size - chunk);
    const { events, next } = await readPage(town, from);
    const first = events[0];
    const reachedSince =
      filter.since !== undefined && first !== undefined && Date.parse(first.ts) < filter.since;
    const kept = events.filter((event) => matches(event, filter));
    if (from === 0 || reachedSince || (filter.limit !== undefined && kept.length >= filter.limit)) {
      return { events: newest(kept, filter.limit), next };
    }
  }
}

/** Events after byte `from`. A file that became shorter was pruned: it is read from its start. */
export async function readEventsFrom(
  town: EventSource,
  from: number,
  filter: EventFilter,
): Promise<EventPage> {
  const size = (await town.ports.files.stat(town.paths.eventsFile))?.size ?? 0;
  if (size === from) return { events: [], next: from };
  const page = await readPage(town, size < from ? 0 : from);
  return { events: page.events.filter((event) => matches(event, filter)), next: page.next };
}

async function readPage(town: EventSource, from: number): Promise<EventPage> {
  // One byte earlier: tells whether `from` starts a line or cuts one.
  const start = Math.max(0, from - 1);
  const text = (await town.ports.files.readText(town.paths.eventsFile, start)) ?? '';
  const begin = from === 0 ? 0 : text.indexOf('\n') + 1;
  const end = text.lastIndexOf('\n') + 1;
  const lines = text.slice(begin, end).split('\n');
  const events = lines.map(parseEvent).filter((event) => event !== undefined);
  return { events, next: start + byteLength(text.slice(0, end)) };
}

/**
 * Bytes of text whose first character may have been cut: each byte left of it reads as one U+FFFD. Counting too
 * few is harmless (the next read skips to a line start), counting too many would skip an event.
 */
function byteLength(text: string): number {
  const cut = /^\uFFFD{0,3}/.exec(text)?.[0].length ?? 0;
  return cut + new TextEncoder().encode(text.slice(cut)).length;
}

function newest<T>(items: readonly T[], limit: number | undefined): readonly T[] {
  return limit === undefined ? items : items.slice(Math.max(0, items.length - limit));
}

function matches(event: TownEvent, filter: EventFilter): boolean {
  const { since, types, rig, about, visibility } = filter;
  if (since !== undefined && Date.parse(event.ts) < since) return false;
  if (types !== undefined && !types.includes(event.type)) return false;
  if (visibility !== undefined && event.visibility !== visibility && event.visibility !== 'both')
    return false;
  if (rig !== undefined && !isOfRig(event, rig)) return false;
  return about === undefined || textsOf(event).some((text) => text.includes(about));
}

function isOfRig(event: TownEvent, rig: string): boolean {
  return (
    event.payload['rig'] === rig || textsOf(event).some((text) => text === rig || text.startsWith(`${rig}/`))
  );
}

function textsOf(event: TownEvent): readonly string[] {
  return [event.actor, ...Object.values(event.payload).filter((value) => typeof value === 'string')];
}
