import type { SqlSession, SqlValue } from '../../ports/store.ts';
import type { ColumnShape, TableShape } from '../../ports/store-admin.ts';
import { canonicalJson } from './values.ts';

const PAGE_ROWS = 1000;

/** All rows of a table in the order of its key, a page at a time; values in the order of the table's columns. */
export async function* readPages(
  sql: SqlSession,
  table: TableShape,
): AsyncGenerator<readonly (readonly SqlValue[])[]> {
  const list = table.columns.map(selected).join(', ');
  const keys = table.primaryKey.map(quoted);
  for (let last: readonly SqlValue[] | undefined; ;) {
    const after = last === undefined ? { sql: '1=1', values: [] } : afterKey(keys, last);
    const rows = await sql.query(
      `SELECT ${list} FROM ${quoted(table.name)} WHERE ${after.sql} ORDER BY ${keys.join(', ')} LIMIT ${PAGE_ROWS}`,
      after.values,
    );
    if (rows.length > 0) yield rows.map((row) => table.columns.map((column) => row[column.name] ?? null));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE_ROWS) return;
    last = table.primaryKey.map((name) => end[name] ?? null);
  }
}

/** A row after `last` in key order, written out: engines use the key's index for this form. */
function afterKey(keys: readonly string[], last: readonly SqlValue[]) {
  const parts = keys.map((key, place) => {
    const equal = keys.slice(0, place).map((before) => `${before} = ?`);
    return { sql: [...equal, `${key} > ?`].join(' AND '), values: last.slice(0, place + 1) };
  });
  return {
    sql: `(${parts.map((part) => `(${part.sql})`).join(' OR ')})`,
    values: parts.flatMap((part) => part.values),
  };
}

function selected({ name, kind }: ColumnShape): string {
  return kind === 'blob' ? `HEX(${quoted(name)}) AS ${quoted(name)}` : quoted(name);
}

export function quoted(name: string): string {
  return `\`${name}\``;
}

/** A value as both engines would give it back: equal content is equal text. */
export function canonicalValue({ kind }: ColumnShape, value: SqlValue): string | null {
  if (value === null) return null;
  switch (kind) {
    case 'text':
    case 'number':
    case 'blob':
      return String(value);
    case 'time':
      return columnTime(value);
    case 'json':
      return canonicalJson(JSON.parse(String(value)));
  }
}

/** Other writers left fractions and RFC 3339 in some rows; the column holds whole seconds. */
export function columnTime(value: SqlValue): string {
  return String(value).slice(0, 19).replace('T', ' ');
}
