import type { SqlRow, SqlValue } from '../../ports/store.ts';
import { canonicalJson } from '../content/values.ts';
import { flag, integer, parseMetadata, text, time } from '../sql/rows.ts';
import { parseTime } from '../words/times.ts';

/** One line of an export: a JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

interface Field {
  readonly column: string;
  readonly key: string;
  /** undefined = the key is left out. */
  readonly write: (row: SqlRow, column: string) => unknown;
  /** The column of an absent key is read from undefined. */
  readonly read: (value: unknown) => SqlValue;
}

type Codec = Pick<Field, 'write' | 'read'>;

const asText: Codec = {
  write: (row, column) => text(row, column) || undefined,
  read: (value) => (typeof value === 'string' ? value : ''),
};
const asOptionalText: Codec = { ...asText, read: (value) => asText.read(value) || null };
const asTime: Codec = {
  write: time,
  read: (value) => (typeof value === 'string' && value !== '' ? parseTime(value) : null),
};
const asNumber: Codec = { write: integer, read: (value) => Number(value ?? 0) };
const asOptionalNumber: Codec = {
  write: (row, column) => (row[column] === null ? undefined : integer(row, column)),
  read: (value) => (typeof value === 'number' ? value : null),
};
const asCount: Codec = { write: (row, column) => integer(row, column) || undefined, read: asNumber.read };
const asFlag: Codec = {
  write: (row, column) => flag(row, column) || undefined,
  read: (value) => (value === true ? 1 : 0),
};
/** Nanoseconds: more than a number holds exactly are 104 days; such a value is rounded, as bd's readers do. */
const asNanoseconds: Codec = {
  write: (row, column) => Number(row[column] ?? 0) || undefined,
  read: (value) => (Number.isFinite(value) ? String(BigInt(Math.trunc(Number(value)))) : 0),
};
const asMetadata: Codec = {
  write: (row, column) => nonEmpty(parseMetadata(canonicalJson(parseMetadata(row[column] ?? null)))),
  read: (value) => canonicalJson(value ?? {}),
};
const asWords: Codec = {
  write: (row, column) => parseWords(text(row, column)),
  read: (value) => (Array.isArray(value) && value.length > 0 ? JSON.stringify(value) : ''),
};

function nonEmpty(value: object): unknown {
  return Object.keys(value).length === 0 ? undefined : value;
}

function parseWords(stored: string): unknown {
  try {
    const words: unknown = JSON.parse(stored || '[]');
    return Array.isArray(words) && words.length > 0 ? words : undefined;
  } catch {
    return undefined;
  }
}

function field(codec: Codec, column: string, key = column): Field {
  return { column, key, ...codec };
}

/** The fields of an issue in bd's order; the last ones are ours, which bd skips. */
export const ISSUE_FIELDS: readonly Field[] = [
  field(asText, 'id'),
  field(asText, 'title'),
  field(asText, 'description'),
  field(asText, 'design'),
  field(asText, 'acceptance_criteria'),
  field(asText, 'notes'),
  field(asText, 'spec_id'),
  field(asText, 'status'),
  field(asNumber, 'priority'),
  field(asText, 'issue_type'),
  field(asOptionalText, 'assignee'),
  field(asText, 'owner'),
  field(asOptionalNumber, 'estimated_minutes'),
  field(asTime, 'created_at'),
  field(asText, 'created_by'),
  field(asTime, 'updated_at'),
  field(asTime, 'started_at'),
  field(asTime, 'closed_at'),
  field(asText, 'close_reason'),
  field(asText, 'closed_by_session'),
  field(asTime, 'due_at'),
  field(asTime, 'defer_until'),
  field(asOptionalText, 'external_ref'),
  field(asText, 'source_system'),
  field(asMetadata, 'metadata'),
  field(asCount, 'compaction_level'),
  field(asTime, 'compacted_at'),
  field(asOptionalText, 'compacted_at_commit'),
  field(asCount, 'original_size'),
];

/** Fields that come after labels, dependencies and comments. */
export const LATE_FIELDS: readonly Field[] = [
  field(asText, 'sender'),
  field(asFlag, 'ephemeral'),
  field(asFlag, 'no_history'),
  field(asText, 'wisp_type'),
  field(asFlag, 'pinned'),
  field(asFlag, 'is_template'),
  field(asText, 'await_type'),
  field(asText, 'await_id'),
  field(asNanoseconds, 'timeout_ns', 'timeout'),
  field(asWords, 'waiters'),
  field(asText, 'mol_type'),
  field(asText, 'work_type'),
  field(asText, 'event_kind'),
  field(asText, 'actor'),
  field(asText, 'target'),
  field(asText, 'payload'),
  field(asText, 'hook_bead'),
  field(asText, 'role_bead'),
  field(asText, 'agent_state'),
  field(asTime, 'last_activity'),
  field(asText, 'role_type'),
  field(asText, 'rig'),
];

export const ALL_FIELDS: readonly Field[] = [...ISSUE_FIELDS, ...LATE_FIELDS];

/** Keys of a line that hold rows of other tables. */
export const SET_KEYS = ['labels', 'dependencies', 'comments'] as const;
export type SetKey = (typeof SET_KEYS)[number];

/** A text of a record; '' when it is absent or no text. */
export function textAt(record: JsonRecord, key: string): string {
  const value = record[key];
  return typeof value === 'string' ? value : '';
}
