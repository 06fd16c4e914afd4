import * as z from 'zod/mini';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { messageOf } from '../core/errors.ts';
import type { TownBase } from './base.ts';
import type { JsonObject } from './json-file.ts';
import { townLogLine } from './log-line.ts';

/** Who may see an event: the audit trail, the feed, or both. */
export type Visibility = 'audit' | 'feed' | 'both';

/** One line of .events.jsonl (spec 03 §10). */
export interface TownEvent {
  /** RFC 3339 UTC. */
  readonly ts: string;
  readonly source: string;
  readonly type: string;
  /** Assignee id. */
  readonly actor: string;
  readonly payload: JsonObject;
  readonly visibility: Visibility;
}

export interface NewEvent {
  readonly type: string;
  readonly payload?: JsonObject;
  /** Default `feed`. */
  readonly visibility?: Visibility;
  /** Default: who runs this command. */
  readonly actor?: AgentAddress | string;
}

const LOCK_WAIT_MS = 2000;

/**
 * Appends the event, and its line in logs/town.log when it changes an agent's life. Never throws: an event may
 * miss or repeat (spec 11 F7), the work that it tells of must not fail for it.
 */
export async function emitEvent(town: TownBase, event: NewEvent): Promise<void> {
  const { files, locks, clock, log } = town.ports;
  const record = makeEvent(event, { now: clock.now(), actor: town.actor });
  try {
    // Pruning rewrites the file under the same lock; an append in between would be lost.
    await using _lock = await locks.acquire('events', {
      waitMs: LOCK_WAIT_MS,
      purpose: `event ${event.type}`,
    });
    await files.appendLine(town.paths.eventsFile, JSON.stringify(record));
    const line = townLogLine(record);
    if (line !== undefined) await files.appendLine(town.paths.townLog, line);
  } catch (error) {
    log.warn('event not written', { type: event.type, why: messageOf(error) });
  }
}

/** The record of an event, in the key order of the Go gt. */
function makeEvent(
  event: NewEvent,
  facts: { readonly now: number; readonly actor: AgentAddress },
): TownEvent {
  const actor = event.actor ?? facts.actor;
  return {
    ts: `${new Date(facts.now).toISOString().slice(0, 19)}Z`,
    source: 'gt',
    type: event.type,
    actor: typeof actor === 'string' ? actor : formatAddress(actor),
    payload: event.payload ?? {},
    visibility: event.visibility ?? 'feed',
  };
}

const eventSchema = z.object({
  ts: z.string(),
  source: z.optional(z.string()),
  type: z.string(),
  actor: z.optional(z.string()),
  payload: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  visibility: z.optional(z.string()),
});

/** One line parsed; undefined for a torn or foreign one (a killed writer leaves half a line). */
export function parseEvent(line: string): TownEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success || Number.isNaN(Date.parse(parsed.data.ts))) return undefined;
  const { ts, source, type, actor, payload, visibility } = parsed.data;
  return {
    ts,
    source: source ?? 'gt',
    type,
    actor: actor ?? 'unknown',
    payload: payload ?? {},
    visibility: visibility === 'audit' || visibility === 'both' ? visibility : 'feed',
  };
}
