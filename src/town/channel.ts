import { join } from 'node:path';
import { UsageError, messageOf } from '../core/errors.ts';
import type { TownPorts } from '../ports/index.ts';
import type { TownBase } from './base.ts';
import { formatJson } from './json-file.ts';

/** Events that wait to be taken: one file each in `T/events/<channel>/`. */
export interface ChannelEvent {
  readonly path: string;
  /** JSON of the file; its text when it is none. */
  readonly content: unknown;
}

type ChannelTown = Pick<TownBase, 'root' | 'ports'>;
const ENDING = '.event';
const CLAIMED = '.claimed';

export interface NewChannelEvent {
  readonly channel: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, string>>;
}

/** Puts an event on a channel and returns its file, `<ns>-<number>-<pid>.event`. UsageError `event.channel`. */
export async function emitToChannel(
  town: {
    readonly root: string;
    readonly ports: Pick<TownPorts, 'clock' | 'files' | 'processes' | 'random'>;
  },
  { channel, type, payload }: NewChannelEvent,
): Promise<string> {
  const { clock, files, processes, random } = town.ports;
  const now = clock.now();
  const { pid } = await processes.self();
  const number = Buffer.from(random.bytes(2)).readUInt16BE();
  const path = join(channelFolder(town, channel), `${now}000000-${number}-${pid}${ENDING}`);
  const document = { type, channel, timestamp: new Date(now).toISOString(), payload };
  await files.writeAtomic(path, formatJson(document), { mode: 0o600 });
  await dropOldest(town, channel);
  return path;
}

/** Perhaps nobody ever listens. */
const KEPT_EVENTS = 200;
/** A reader that claimed one so long ago was killed. */
const CLAIM_MS = 3_600_000;

async function dropOldest(
  town: { readonly root: string; readonly ports: Pick<TownPorts, 'clock' | 'files'> },
  channel: string,
): Promise<void> {
  const { clock, files } = town.ports;
  const folder = channelFolder(town, channel);
  const all = ((await files.list(folder)) ?? []).map(({ name }) => name);
  const names = all.filter((name) => name.endsWith(ENDING));
  const old = names.toSorted().slice(0, Math.max(0, names.length - KEPT_EVENTS));
  const left = all.filter(
    (name) => name.endsWith(CLAIMED) && Number.parseInt(name, 10) / 1e6 < clock.now() - CLAIM_MS,
  );
  for (const name of [...old, ...left]) await files.remove(join(folder, name));
}

/**
 * The events of a channel, oldest first. `take` removes them: each is claimed by a rename before it is read, so two
 * readers never get the same one.
 */
export async function readChannel(
  town: ChannelTown,
  channel: string,
  mode: 'look' | 'take',
): Promise<readonly ChannelEvent[]> {
  const { files } = town.ports;
  const folder = channelFolder(town, channel);
  const found: ChannelEvent[] = [];
  for (const { name } of (await files.list(folder)) ?? []) {
    if (!name.endsWith(ENDING)) continue;
    const path = join(folder, name);
    const from = mode === 'look' ? path : await claim(town, path);
    const text = from === undefined ? undefined : await files.readText(from);
    if (text !== undefined) found.push({ path, content: parse(text) });
    if (mode === 'take' && from !== undefined) await files.remove(from);
  }
  return found;
}

async function claim({ ports }: ChannelTown, path: string): Promise<string | undefined> {
  const claimed = path + CLAIMED;
  try {
    await ports.files.rename(path, claimed);
    return claimed;
  } catch (error) {
    // Somebody else was faster; anything else would show again at the next look.
    ports.log.info('event not claimed', { path, why: messageOf(error) });
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function channelFolder(town: { readonly root: string }, channel: string): string {
  if (/^[\w][\w-]{0,63}$/.test(channel)) return join(town.root, 'events', channel);
  throw new UsageError({
    code: 'event.channel',
    message: `'${channel.slice(0, 60)}' cannot name a channel`,
    hint: 'Use letters, digits, dash and underscore',
  });
}
