import type { Column, Table } from './table.ts';
import { unreachable } from '../../core/errors.ts';

/** A version 4 UUID in SQL: what MySQL's `uuid()` default gives for rows inserted without an id. */
const NEW_UUID =
  "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'" +
  " || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";

/**
 * `CREATE TABLE` and `CREATE INDEX` statements for SQLite. Tables are STRICT and carry the size and JSON checks
 * that MySQL makes by itself, so that what one store refuses the other refuses too.
 */
export function sqliteStatements(table: Table): readonly string[] {
  const parts = [
    ...table.columns.map(renderColumn),
    `PRIMARY KEY (${quoted(table.primaryKey)})`,
    ...(table.uniques ?? []).map((index) => `CONSTRAINT ${index.name} UNIQUE (${quoted(index.columns)})`),
    ...(table.foreignKeys ?? []).map(
      (key) =>
        `CONSTRAINT ${key.name} FOREIGN KEY (${key.column}) REFERENCES ${key.to} (id) ON DELETE CASCADE ON UPDATE CASCADE`,
    ),
    ...oneTargetCheck(table),
  ];
  return [
    `CREATE TABLE ${table.name} (\n  ${parts.join(',\n  ')}\n) STRICT`,
    ...(table.indexes ?? []).map(
      (index) => `CREATE INDEX ${index.name} ON ${table.name} (${quoted(index.columns)})`,
    ),
    ...workIndexes(table),
  ];
}

/** Ready and open beads in the order in which they are listed: the first hundred are found without sorting all. */
function workIndexes({ name }: Table): readonly string[] {
  if (name !== 'issues' && name !== 'wisps') return [];
  const order = 'priority, created_at DESC, id';
  // The equal columns lead, or the planner takes the index that has only them and sorts.
  return [
    `CREATE INDEX idx_${name}_ready ON ${name} (is_blocked, status, ${order}) WHERE status = 'open' AND is_blocked = 0`,
    `CREATE INDEX idx_${name}_open ON ${name} (${order}) WHERE status <> 'closed'`,
  ];
}

function oneTargetCheck(table: Table): readonly string[] {
  if (table.oneTarget === undefined) return [];
  const sum = table.oneTarget.exactlyOneOf.map((name) => `(${name} IS NOT NULL)`).join(' + ');
  return [`CONSTRAINT ${table.oneTarget.name} CHECK (${sum} = 1)`];
}

function renderColumn(column: Column): string {
  return [
    `"${column.name}" ${typeName(column)}`,
    column.notNull ? ' NOT NULL' : '',
    defaultClause(column),
    checkClause(column),
  ].join('');
}

function typeName(column: Column): string {
  switch (column.type.kind) {
    case 'int':
    case 'bigint':
    case 'flag':
      return 'INTEGER';
    case 'blob':
      return 'BLOB';
    case 'varchar':
    case 'uuid':
    case 'text':
    case 'longtext':
    case 'datetime':
    case 'json':
      return 'TEXT';
    default:
      return unreachable(column.type, 'sqlite column type');
  }
}

function defaultClause(column: Column): string {
  if (column.default === undefined) return '';
  switch (column.default.kind) {
    case 'literal':
      return typeof column.default.value === 'number'
        ? ` DEFAULT ${column.default.value}`
        : ` DEFAULT '${column.default.value}'`;
    case 'now':
      return ' DEFAULT CURRENT_TIMESTAMP';
    case 'new-uuid':
      return ` DEFAULT (${NEW_UUID})`;
    case 'empty-object':
      return " DEFAULT '{}'";
    default:
      return unreachable(column.default, 'sqlite column default');
  }
}

function checkClause(column: Column): string {
  if (column.type.kind === 'varchar') return ` CHECK (length("${column.name}") <= ${column.type.size})`;
  return column.type.kind === 'json' ? ` CHECK (json_valid("${column.name}"))` : '';
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
