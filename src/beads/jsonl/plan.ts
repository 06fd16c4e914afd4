import { isJsonObject } from '../../town/json-file.ts';
import { canonicalJson } from '../content/values.ts';
import { ALL_FIELDS, SET_KEYS, textAt, type JsonRecord, type SetKey } from './fields.ts';
import type { StoredRecord } from './read.ts';

/** Who wins where file and ledger differ: the later `updated_at` (bd's rule), or always one of them. */
export type ConflictRule = 'newer' | 'file' | 'ledger';

export interface ImportConflict {
  readonly id: string;
  /** Keys that differ, such as `title` or `labels`. */
  readonly fields: readonly string[];
  readonly winner: 'file' | 'ledger';
}

export interface ImportPlan {
  readonly create: readonly JsonRecord[];
  readonly update: readonly {
    readonly stored: StoredRecord;
    readonly record: JsonRecord;
    readonly fields: readonly string[];
  }[];
  readonly unchanged: number;
  readonly conflicts: readonly ImportConflict[];
}

/**
 * What an import would do. Fields of a bead are taken over as a whole; labels, edges and comments are only added:
 * what the ledger has beyond the file stays.
 */
export function planImport(
  records: readonly JsonRecord[],
  stored: ReadonlyMap<string, StoredRecord>,
  rule: ConflictRule,
): ImportPlan {
  const create: JsonRecord[] = [];
  const update: ImportPlan['update'][number][] = [];
  const conflicts: ImportConflict[] = [];
  let unchanged = 0;
  for (const record of records) {
    const id = textAt(record, 'id');
    const present = stored.get(id);
    if (present === undefined) {
      create.push(record);
      continue;
    }
    const fields = differences(present.record, record);
    if (fields.length === 0) {
      unchanged += 1;
      continue;
    }
    const winner = winnerOf(present.record, record, rule);
    conflicts.push({ id, fields, winner });
    if (winner === 'file') update.push({ stored: present, record, fields });
  }
  return { create, update, unchanged, conflicts };
}

/** Set by the ledger itself, or (a bead's table) changed by `bd promote` only. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['id', 'updated_at', 'ephemeral', 'no_history']);
/** A hand-written line may leave these out. */
const FILLED_IN: ReadonlySet<string> = new Set(['created_at', 'created_by', 'closed_at']);

function differences(stored: JsonRecord, record: JsonRecord): readonly string[] {
  const fields = ALL_FIELDS.map((field) => field.key).filter(
    (key) =>
      !NOT_COMPARED.has(key) &&
      !(FILLED_IN.has(key) && record[key] === undefined) &&
      canonicalJson(stored[key] ?? null) !== canonicalJson(record[key] ?? null),
  );
  return [...fields, ...SET_KEYS.filter((key) => missingParts(stored, record, key).length > 0)];
}

/** Labels, edges or comments of the file that the ledger lacks. */
export function missingParts(stored: JsonRecord, record: JsonRecord, key: SetKey): readonly unknown[] {
  const present = new Set(partsOf(stored, key).map((part) => partKey(part, key)));
  return partsOf(record, key).filter((part) => !present.has(partKey(part, key)));
}

export function partsOf(record: JsonRecord, key: SetKey): readonly unknown[] {
  const parts = record[key];
  return Array.isArray(parts) ? parts : [];
}

function partKey(part: unknown, key: SetKey): string {
  if (!isJsonObject(part)) return String(part);
  if (key === 'dependencies') return `${textAt(part, 'depends_on_id')} ${textAt(part, 'type') || 'blocks'}`;
  // Ids of comments differ where two ledgers took in the same hand-written line.
  return `${textAt(part, 'author')} ${textAt(part, 'text')}`;
}

function winnerOf(stored: JsonRecord, record: JsonRecord, rule: ConflictRule): 'file' | 'ledger' {
  if (rule !== 'newer') return rule;
  const [ours, theirs] = [stored['updated_at'], record['updated_at']];
  return typeof theirs === 'string' && typeof ours === 'string' && theirs < ours ? 'ledger' : 'file';
}
