import { parseFields } from '../../beads/forms/fields.ts';
import type { BeadEvent } from '../../beads/types.ts';
import { isJsonObject } from '../../town/json-file.ts';
import type { JsonObject } from '../../town/json-file.ts';

/** One time that a worker held one bead. */
export interface Stint {
  readonly bead: string;
  /** RFC 3339. */
  readonly from: string;
  /**
   * completed: closed, landed or with a reason. failed: the queue sent it back, or it was given up. abandoned: taken off
   * or put off. pending: not decided yet.
   */
  readonly outcome: 'completed' | 'failed' | 'abandoned' | 'pending';
  /** When that was decided, RFC 3339. */
  readonly until: string | undefined;
  /** The queue has never sent it back. */
  readonly firstPass: boolean;
}

/**
 * What a worker did, read from the events of its own row (which bead it was given when) and of those beads. Nothing of
 * it is stored: the ledger's history is the only source. Both lists oldest first. Pure.
 */
export function stintsOf(row: readonly BeadEvent[], ofBeads: readonly BeadEvent[]): readonly Stint[] {
  const events = Map.groupBy(ofBeads, (event) => event.issueId);
  return givenBeads(row).map(({ bead, from }) => stintOf({ bead, from }, events.get(bead) ?? []));
}

interface Given {
  readonly bead: string;
  readonly from: string;
}

/** Each change of the row's hook to a bead; a new session for the same one is no new stint. */
export function givenBeads(row: readonly BeadEvent[]): readonly Given[] {
  const given: Given[] = [];
  let hook = '';
  for (const event of row) {
    const { description } = valuesOf(event);
    if (typeof description !== 'string') continue;
    const text = parseFields(description).get('hook_bead') ?? '';
    const next = text === 'null' ? '' : text;
    if (next !== '' && next !== hook) given.push({ bead: next, from: event.createdAt });
    hook = next;
  }
  return given;
}

/** Row and bead are written in one transaction: at most a second apart. */
const SAME_MS = 1500;

function stintOf({ bead, from }: Given, events: readonly BeadEvent[]): Stint {
  const latest = Date.parse(from) + SAME_MS;
  const start = events.findLastIndex((event) => isGiven(event) && Date.parse(event.createdAt) <= latest);
  const later = events.slice(start + 1);
  const next = later.findIndex(isGiven);
  const own = next < 0 ? later : later.slice(0, next);
  const end = own.find((event) => outcomeOf(event) !== undefined);
  return {
    bead,
    from,
    outcome: (end === undefined ? undefined : outcomeOf(end)) ?? 'pending',
    until: end?.createdAt,
    firstPass: !events.some((event) => outcomeOf(event) === 'failed'),
  };
}

function isGiven(event: BeadEvent): boolean {
  const { assignee, status } = valuesOf(event);
  return typeof assignee === 'string' && assignee !== '' && status === 'hooked';
}

function outcomeOf(event: BeadEvent): Stint['outcome'] | undefined {
  if (event.type === 'closed') return 'completed';
  const { assignee, status } = valuesOf(event);
  if (status === 'closed') return 'completed';
  if (assignee !== null && assignee !== '') return undefined;
  return status === 'blocked' || event.actor.endsWith('/refinery') ? 'failed' : 'abandoned';
}

/** Some events hold plain text. */
function valuesOf({ newValue }: BeadEvent): JsonObject {
  if (!newValue.startsWith('{')) return {};
  try {
    const value: unknown = JSON.parse(newValue);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
