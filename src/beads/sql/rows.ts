import { UnreadableError } from '../../core/errors.ts';
import type { SqlRow, SqlValue } from '../../ports/store.ts';
import { toRfc3339 } from '../words/times.ts';
import type { Bead } from '../types.ts';

export type BeadTable = 'issues' | 'wisps';

/** The twins of each table: an issue's rows and a wisp's rows live apart (spec 02 §1). */
export const TABLES = {
  issues: {
    dependencies: 'dependencies',
    labels: 'labels',
    comments: 'comments',
    events: 'events',
    childCounters: 'child_counters',
  },
  wisps: {
    dependencies: 'wisp_dependencies',
    labels: 'wisp_labels',
    comments: 'wisp_comments',
    events: 'wisp_events',
    childCounters: 'wisp_child_counters',
  },
} as const;

export const BEAD_TABLES: readonly BeadTable[] = ['issues', 'wisps'];

type Parse = (row: SqlRow, column: string) => unknown;

/** Every column a Bead is made of, its field, and how it is read. */
const COLUMNS = {
  id: ['id', text],
  title: ['title', text],
  description: ['description', text],
  design: ['design', text],
  acceptance_criteria: ['acceptanceCriteria', text],
  notes: ['notes', text],
  status: ['status', text],
  priority: ['priority', integer],
  issue_type: ['type', text],
  assignee: ['assignee', text],
  estimated_minutes: ['estimatedMinutes', optionalInteger],
  created_at: ['createdAt', requiredTime],
  created_by: ['createdBy', text],
  owner: ['owner', text],
  updated_at: ['updatedAt', requiredTime],
  closed_at: ['closedAt', time],
  closed_by_session: ['closedBySession', text],
  external_ref: ['externalRef', optionalText],
  ephemeral: ['ephemeral', flag],
  wisp_type: ['wispType', text],
  pinned: ['pinned', flag],
  is_template: ['isTemplate', flag],
  mol_type: ['molType', text],
  work_type: ['workType', text],
  metadata: ['metadata', (row: SqlRow, column: string) => parseMetadata(row[column] ?? null)],
  close_reason: ['closeReason', text],
  hook_bead: ['hookBead', text],
  role_bead: ['roleBead', text],
  agent_state: ['agentState', text],
  await_type: ['awaitType', text],
  await_id: ['awaitId', text],
  timeout_ns: ['timeoutMs', milliseconds],
  waiters: ['waiters', words],
  role_type: ['roleType', text],
  rig: ['rig', text],
  due_at: ['dueAt', time],
  defer_until: ['deferUntil', time],
  no_history: ['noHistory', flag],
  started_at: ['startedAt', time],
  is_blocked: ['isBlocked', flag],
} as const satisfies Record<string, readonly [keyof Bead, Parse]>;

const ENTRIES = Object.entries<readonly [keyof Bead, Parse]>(COLUMNS);

/** The select list of one table for `parseBead`; `alias` names the table in the query. */
export function beadColumns(table: BeadTable, alias: string): string {
  return `'${table}' AS bead_table, ${ENTRIES.map(([column]) => `${alias}.${column}`).join(', ')}`;
}

/** A row selected through `beadColumns`. Throws UnreadableError `bead.unreadable`. */
export function parseBead(row: SqlRow, labels: readonly string[]): Bead {
  const fields = ENTRIES.map(([column, [field, parse]]) => [field, parse(row, column)] as const);
  return { ...Object.fromEntries(fields), table: tableOf(row), labels } as Bead;
}

/** The bead as it reads after these columns were written; columns that are no field are left out. */
export function withColumns(bead: Bead, columns: SqlRow): Bead {
  const changed = ENTRIES.filter(([column]) => columns[column] !== undefined).map(
    ([column, [field, parse]]) => [field, parse(columns, column)] as const,
  );
  return { ...bead, ...Object.fromEntries(changed) };
}

function tableOf(row: SqlRow): BeadTable {
  const table = row['bead_table'];
  if ((table === 'issues' || table === 'wisps') && text(row, 'id') !== '') return table;
  throw new UnreadableError({ code: 'bead.unreadable', message: 'a bead row has no id or no table' });
}

/** Metadata as an object: `null`, `{}` and foreign scalars all occur in old rows; only objects carry keys. */
export function parseMetadata(value: SqlValue): Readonly<Record<string, unknown>> {
  if (typeof value !== 'string' || value === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch (cause) {
    throw new UnreadableError({ code: 'bead.unreadable', message: 'bead metadata is not JSON', cause });
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  return isObject ? (parsed as Readonly<Record<string, unknown>>) : {};
}

/** A text column; NULL and absent read as ''. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  return value === null || value === undefined ? '' : String(value);
}

function optionalText(row: SqlRow, column: string): string | undefined {
  return text(row, column) || undefined;
}

/** A whole number; anything else is a row we must not guess about. Throws UnreadableError `bead.unreadable`. */
export function integer(row: SqlRow, column: string): number {
  const value = Number(row[column] ?? 0);
  if (Number.isSafeInteger(value)) return value;
  throw new UnreadableError({
    code: 'bead.unreadable',
    message: `${text(row, 'id')}: ${column} is not a whole number`,
  });
}

function optionalInteger(row: SqlRow, column: string): number | undefined {
  return row[column] === null || row[column] === undefined ? undefined : integer(row, column);
}

/** Nanoseconds as milliseconds: 104 days of nanoseconds are more than a number holds exactly. */
function milliseconds(row: SqlRow, column: string): number {
  const value = text(row, column) || '0';
  if (/^-?\d+$/.test(value)) return Number(BigInt(value) / 1_000_000n);
  throw new UnreadableError({
    code: 'bead.unreadable',
    message: `${text(row, 'id')}: ${column} is not a whole number`,
  });
}

/** A JSON list of texts; what else writers left there reads as none. */
function words(row: SqlRow, column: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text(row, column) || '[]');
    return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
  } catch {
    return [];
  }
}

export function flag(row: SqlRow, column: string): boolean {
  return Number(row[column] ?? 0) !== 0;
}

/** A DATETIME column as RFC 3339. */
export function time(row: SqlRow, column: string): string | undefined {
  const value = text(row, column);
  return value === '' ? undefined : toRfc3339(value);
}

function requiredTime(row: SqlRow, column: string): string {
  return time(row, column) ?? '';
}
