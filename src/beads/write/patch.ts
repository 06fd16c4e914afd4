import type { SqlValue } from '../../ports/store.ts';
import { isDone } from '../words/kinds.ts';
import { checkPriority } from './new-row.ts';
import { parseMetadata } from '../sql/rows.ts';
import { checkMetadataKey, checkShort, checkTitle, cleanText } from '../words/texts.ts';
import { parseTime } from '../words/times.ts';
import type { Bead, BeadPatch } from '../types.ts';
import type { EventType } from './events.ts';

/** Columns to write and what they mean. */
export interface PatchPlan {
  readonly columns: Readonly<Record<string, SqlValue>>;
  /** The same for the event log: as asked for, without what follows from it. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly event: EventType;
  /** Whether the status moved between "holds others back" and "does not". */
  readonly crossesDone: boolean;
}

/**
 * What a patch writes onto a bead. Status and type in `patch` are checked words. `now` is the column form.
 * Only real differences are written, so an unchanged bead gives no columns. Throws UsageError.
 */
export function planPatch(bead: Bead, patch: BeadPatch, now: string): PatchPlan {
  const status = patch.status ?? bead.status;
  const wanted: Record<string, SqlValue | undefined> = {
    ...textColumns(patch),
    ...choiceColumns(patch),
    ...timeColumns(patch),
    metadata: patch.metadata === undefined ? undefined : mergeMetadata(bead, patch.metadata),
    status,
    ...(status === bead.status ? {} : lifeColumns(bead, { status, session: patch.closedBySession }, now)),
  };
  const present = presentColumns(bead);
  const columns = Object.fromEntries(
    Object.entries(wanted).filter(
      (entry): entry is [string, SqlValue] => entry[1] !== undefined && entry[1] !== present[entry[0]],
    ),
  );
  return {
    columns,
    told: Object.fromEntries(Object.entries(columns).flatMap(([name, value]) => toldOf(name, value))),
    event: eventOf(bead.status, status),
    crossesDone: isDone(bead.status) !== isDone(status),
  };
}

function textColumns(patch: BeadPatch): Record<string, SqlValue | undefined> {
  return {
    title: map(patch.title, checkTitle),
    description: map(patch.description, cleanText),
    design: map(patch.design, cleanText),
    acceptance_criteria: map(patch.acceptanceCriteria, cleanText),
    notes: map(patch.notes, cleanText),
  };
}

function choiceColumns(patch: BeadPatch): Record<string, SqlValue | undefined> {
  return {
    issue_type: patch.type,
    priority: map(patch.priority, checkPriority),
    assignee: map(patch.assignee, (text) => checkShort('assignee', text) || null),
    external_ref: map(patch.externalRef, (text) =>
      text === null ? null : checkShort('external ref', text) || null,
    ),
    estimated_minutes: patch.estimatedMinutes,
    agent_state: map(patch.agentState, (text) => checkShort('agent state', text)),
    hook_bead: map(patch.hookBead, (text) => checkShort('hook', text)),
    role_bead: map(patch.roleBead, (text) => checkShort('role bead', text)),
    await_id: map(patch.awaitId, (text) => checkShort('gate target', text)),
    waiters: map(patch.waiters, (names) => JSON.stringify(names.map((name) => checkShort('waiter', name)))),
    pinned: map(patch.pinned, (pinned) => (pinned ? 1 : 0)),
  };
}

function timeColumns(patch: BeadPatch): Record<string, SqlValue | undefined> {
  const time = (text: string | null) => (text === null ? null : parseTime(text));
  return {
    defer_until: map(patch.deferUntil, time),
    due_at: map(patch.dueAt, time),
    last_activity: map(patch.lastActivity, time),
  };
}

/** What a change of status brings along: closed_at exactly while closed, started_at once, pinned only while pinned. */
function lifeColumns(
  bead: Bead,
  { status, session = '' }: { readonly status: string; readonly session: string | undefined },
  now: string,
): Record<string, SqlValue | undefined> {
  return {
    ...(status === 'closed'
      ? { closed_at: now, closed_by_session: checkShort('session', session) }
      : { closed_at: null, close_reason: '', closed_by_session: '' }),
    ...(status === 'in_progress' && bead.startedAt === undefined ? { started_at: now } : {}),
    ...(bead.status === 'pinned' ? { pinned: 0 } : {}),
  };
}

/** The bead's columns as the patch would write them, for comparing. */
function presentColumns(bead: Bead): Readonly<Record<string, SqlValue>> {
  const time = (text: string | undefined) => map(text, parseTime) ?? null;
  return {
    title: bead.title,
    description: bead.description,
    design: bead.design,
    acceptance_criteria: bead.acceptanceCriteria,
    notes: bead.notes,
    issue_type: bead.type,
    priority: bead.priority,
    assignee: bead.assignee || null,
    external_ref: bead.externalRef ?? null,
    estimated_minutes: bead.estimatedMinutes ?? null,
    agent_state: bead.agentState,
    hook_bead: bead.hookBead,
    role_bead: bead.roleBead,
    await_id: bead.awaitId,
    waiters: JSON.stringify(bead.waiters),
    pinned: bead.pinned ? 1 : 0,
    defer_until: time(bead.deferUntil),
    due_at: time(bead.dueAt),
    metadata: JSON.stringify(bead.metadata),
    status: bead.status,
    closed_at: time(bead.closedAt),
    close_reason: bead.closeReason,
    closed_by_session: bead.closedBySession,
    started_at: time(bead.startedAt),
  };
}

function mergeMetadata(bead: Bead, patch: Readonly<Record<string, unknown>>): string {
  const merged: Record<string, unknown> = { ...bead.metadata };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[checkMetadataKey(key)] = value;
  }
  return JSON.stringify(merged);
}

const IMPLIED: ReadonlySet<string> = new Set([
  'started_at',
  'closed_at',
  'close_reason',
  'closed_by_session',
]);

function toldOf(name: string, value: SqlValue): readonly (readonly [string, unknown])[] {
  if (IMPLIED.has(name)) return [];
  return [[name, name === 'metadata' ? parseMetadata(value) : value]];
}

function eventOf(before: string, after: string): EventType {
  if (before === after) return 'updated';
  if (after === 'closed') return 'closed';
  return before === 'closed' ? 'reopened' : 'status_changed';
}

function map<T, R>(value: T | undefined, convert: (value: T) => R): R | undefined {
  return value === undefined ? undefined : convert(value);
}
