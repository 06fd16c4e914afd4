import type { SqlSession } from '../../ports/store.ts';
import { text } from '../sql/rows.ts';
import { textAt, type JsonRecord } from './fields.ts';
import { readDependentCounts, readRecords, type StoredRecord } from './read.ts';

export interface ExportOptions {
  /** Also wisps, templates, infrastructure and memories. */
  readonly all: boolean;
  readonly infra: boolean;
  readonly memories: boolean;
}

export interface Exported {
  readonly issues: number;
  readonly memories: number;
  readonly lines: readonly JsonRecord[];
}

/** The database's beads as bd writes them: one issue a line with labels, dependencies and comments. */
export async function exportBeads(sql: SqlSession, options: ExportOptions): Promise<Exported> {
  const infra = options.all || options.infra ? [] : await infraTypes(sql);
  const records = (await readRecords(sql, undefined)).filter((stored) => isWanted(stored, options, infra));
  const dependents = await readDependentCounts(sql);
  const memories = options.all || options.memories ? await readMemories(sql) : [];
  const lines = [...records.map(({ record }) => withCounts(record, dependents)), ...memories];
  return {
    issues: records.length,
    memories: memories.length,
    lines,
  };
}

const DEFAULT_INFRA = ['agent', 'rig', 'role', 'message'];
export const MEMORY_PREFIX = 'kv.memory.';

async function infraTypes(sql: SqlSession): Promise<readonly string[]> {
  const [row] = await sql.query("SELECT value FROM config WHERE `key` = 'types.infra'");
  const named = row === undefined ? [] : text(row, 'value').split(',');
  const types = named.map((name) => name.trim()).filter((name) => name !== '');
  return types.length === 0 ? DEFAULT_INFRA : types;
}

function isWanted(
  { table, record }: StoredRecord,
  { all }: ExportOptions,
  infra: readonly string[],
): boolean {
  if (all) return true;
  const isShortLived = table === 'wisps' || record['ephemeral'] === true;
  return !isShortLived && record['is_template'] !== true && !infra.includes(textAt(record, 'issue_type'));
}

function withCounts(record: JsonRecord, dependents: ReadonlyMap<string, number>): JsonRecord {
  const { dependencies, comments } = record;
  const edges: readonly unknown[] = Array.isArray(dependencies) ? dependencies : [];
  const isBlocks = (edge: unknown) =>
    typeof edge === 'object' && edge !== null && 'type' in edge && edge.type === 'blocks';
  return {
    _type: 'issue',
    ...record,
    dependency_count: edges.filter(isBlocks).length,
    dependent_count: dependents.get(textAt(record, 'id')) ?? 0,
    comment_count: Array.isArray(comments) ? comments.length : 0,
  };
}

async function readMemories(sql: SqlSession): Promise<readonly JsonRecord[]> {
  const rows = await sql.query('SELECT `key`, value FROM config ORDER BY `key`');
  return rows
    .filter((row) => text(row, 'key').startsWith(MEMORY_PREFIX))
    .map((row) => ({
      _type: 'memory',
      key: text(row, 'key').slice(MEMORY_PREFIX.length),
      value: text(row, 'value'),
    }));
}

/** As Go's encoder writes it, so that an export of ours and one of bd's compare byte by byte. */
export function jsonlText(lines: readonly JsonRecord[]): string {
  const escape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return lines.map((line) => `${JSON.stringify(line).replaceAll(/[<>&\u2028\u2029]/g, escape)}\n`).join('');
}
