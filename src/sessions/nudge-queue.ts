import { join } from 'node:path';
import { RefusedError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { counted } from '../core/text.ts';
import type { TownPorts } from '../ports/index.ts';
import type { TownPaths } from '../town/layout.ts';
import { formatNudge, parseNudge } from './nudge-file.ts';
import type { Nudge } from './nudge-file.ts';

/** What the queue needs of a town; every TownContext fits, and so does a pane host. */
export interface QueuePlace {
  readonly paths: Pick<TownPaths, 'nudgeDir'>;
  readonly ports: Pick<TownPorts, 'files' | 'clock' | 'random'>;
}

/** Nudges taken out of the queue, so that only the taker delivers them. */
export interface ClaimedNudges {
  readonly nudges: readonly Nudge[];
  /** They were delivered: the files go. */
  done(): Promise<void>;
  /** They were not: the files are queued again. */
  giveBack(): Promise<void>;
}

/** A claim whose taker died is free again after this. */
const STALE_CLAIM_MS = 5 * 60_000;
const QUEUED = /^(\d+)-[0-9a-f]{8}\.json$/;
const CLAIMED = /^(\d+-[0-9a-f]{8}\.json)\.claimed\.([0-9a-f]+)$/;
/** Our claim marks begin with the time in hex: a rename leaves the file's own time as it was. */
const TIME_DIGITS = 12;
const MARK_DIGITS = TIME_DIGITS + 8;

/** Adds a nudge as a durable file. RefusedError `nudge.queue-full` at `maxDepth`. */
export async function enqueueNudge(
  place: QueuePlace,
  session: SessionName,
  nudge: Nudge,
  maxDepth: number,
): Promise<void> {
  const { files, clock, random } = place.ports;
  const folder = folderOf(place, session);
  let names = await queuedNames(place, session);
  if (names.length >= maxDepth) {
    // Nobody takes them out while the agent is away, so the expired go here.
    for (const name of names) await readUnexpired(place, join(folder, name));
    names = await queuedNames(place, session);
  }
  if (names.length >= maxDepth) {
    throw new RefusedError({
      code: 'nudge.queue-full',
      message: `${counted(names.length, 'nudge')} already waiting for ${session}`,
      hint: `See why it does not read them: gt peek ${session}`,
    });
  }
  const last = BigInt(QUEUED.exec(names.at(-1) ?? '')?.[1] ?? 0);
  const now = BigInt(clock.now()) * 1_000_000n;
  const mark = Buffer.from(random.bytes(4)).toString('hex');
  const name = `${now > last ? now : last + 1n}-${mark}.json`;
  await files.writeAtomic(join(folder, name), formatNudge(nudge), { mode: 0o600 });
}

/** Nudges that wait, also those that somebody is delivering now. */
export async function countNudges(place: QueuePlace, session: SessionName): Promise<number> {
  const entries = (await place.ports.files.list(folderOf(place, session))) ?? [];
  return entries.filter(({ name }) => QUEUED.test(name) || CLAIMED.test(name)).length;
}

/**
 * Takes everything that is due, in order; expired and torn files are removed. undefined = nothing waits. Whoever
 * takes them must call `done` after delivery, else they come back by themselves.
 */
export async function claimNudges(
  place: QueuePlace,
  session: SessionName,
): Promise<ClaimedNudges | undefined> {
  const { files } = place.ports;
  await freeStaleClaims(place, session);
  const claimed: { readonly from: string; readonly to: string; readonly nudge: Nudge }[] = [];
  for (const name of await queuedNames(place, session)) {
    const taken = await claimFile(place, join(folderOf(place, session), name));
    if (taken !== undefined) claimed.push(taken);
  }
  if (claimed.length === 0) return undefined;
  return {
    nudges: claimed.map(({ nudge }) => nudge),
    done: async () => {
      for (const { to } of claimed) await files.remove(to);
    },
    giveBack: async () => {
      for (const { from, to } of claimed) await renameIfThere(place, to, from);
    },
  };
}

/** The same as one text for the agent's prompt. */
export async function claimForTyping(place: QueuePlace, session: SessionName) {
  const claim = await claimNudges(place, session);
  return claim === undefined ? undefined : { ...claim, text: claim.nudges.map(typedLine).join('\n') };
}

/** `[from r/witness] text`: how a nudge reads at the prompt. */
export function typedLine({ sender, message }: Pick<Nudge, 'sender' | 'message'>): string {
  return `[from ${sender}] ${message}`;
}

/** Nudges as a hook hands them to the model; a text cannot close the tag around it. */
export function renderReminder(nudges: readonly Nudge[]): string {
  const lines = nudges.map((nudge) => typedLine(nudge).replaceAll('<', '&lt;'));
  return `<system-reminder>\n${lines.join('\n')}\n</system-reminder>`;
}

function folderOf(place: QueuePlace, session: SessionName): string {
  return join(place.paths.nudgeDir, session);
}

/** Oldest first. */
async function queuedNames(place: QueuePlace, session: SessionName): Promise<readonly string[]> {
  const entries = (await place.ports.files.list(folderOf(place, session))) ?? [];
  const number = (name: string): bigint => BigInt(QUEUED.exec(name)?.[1] ?? 0);
  return entries
    .map(({ name }) => name)
    .filter((name) => QUEUED.test(name))
    .sort((a, b) => (number(a) < number(b) ? -1 : 1));
}

/** The rename decides between two takers: only one of them finds the file. */
async function claimFile(place: QueuePlace, from: string) {
  const now = place.ports.clock.now();
  const nudge = await readUnexpired(place, from);
  if (nudge === undefined || (nudge.deliverAfter ?? 0) > now) return undefined;
  const random = Buffer.from(place.ports.random.bytes(4)).toString('hex');
  const to = `${from}.claimed.${now.toString(16).padStart(TIME_DIGITS, '0')}${random}`;
  return (await renameIfThere(place, from, to)) ? { from, to, nudge } : undefined;
}

/** What is expired, or torn for long, is removed. */
async function readUnexpired({ ports: { files, clock } }: QueuePlace, path: string) {
  const nudge = parseNudge((await files.readText(path)) ?? '');
  const now = clock.now();
  const age = now - ((await files.stat(path))?.modified ?? now);
  // A file that makes no sense may be half written by another program; it gets time to become whole.
  const isOver = nudge === undefined ? age > STALE_CLAIM_MS : (nudge.expiresAt ?? Infinity) <= now;
  if (isOver) await files.remove(path);
  return isOver ? undefined : nudge;
}

async function freeStaleClaims(place: QueuePlace, session: SessionName): Promise<void> {
  const { files, clock } = place.ports;
  const folder = folderOf(place, session);
  for (const { name } of (await files.list(folder)) ?? []) {
    const [, original, mark = ''] = CLAIMED.exec(name) ?? [];
    if (original === undefined) continue;
    const ours = mark.length === MARK_DIGITS ? Number.parseInt(mark.slice(0, TIME_DIGITS), 16) : undefined;
    const since = ours ?? (await files.stat(join(folder, name)))?.modified;
    if (since !== undefined && clock.now() - since > STALE_CLAIM_MS) {
      await renameIfThere(place, join(folder, name), join(folder, original));
    }
  }
}

/** False when somebody else was faster. */
async function renameIfThere({ ports: { files } }: QueuePlace, from: string, to: string): Promise<boolean> {
  try {
    await files.rename(from, to);
    return true;
  } catch (error) {
    if ((await files.stat(from)) === undefined) return false;
    throw error;
  }
}
