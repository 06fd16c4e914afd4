import type { Column, Table } from './table.ts';
import { unreachable } from '../../core/errors.ts';

/** `CREATE TABLE IF NOT EXISTS` for a Dolt server; `SHOW CREATE TABLE` then reads as for a table that bd made. */
export function mysqlStatement(table: Table): string {
  const parts = [
    ...table.columns.map(mysqlColumn),
    `PRIMARY KEY (${quoted(table.primaryKey)})`,
    ...(table.indexes ?? []).map((index) => `KEY \`${index.name}\` (${quoted(index.columns)})`),
    ...(table.uniques ?? []).map((index) => `UNIQUE KEY \`${index.name}\` (${quoted(index.columns)})`),
    ...mysqlConstraints(table),
  ];
  return `CREATE TABLE IF NOT EXISTS \`${table.name}\` (\n  ${parts.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin`;
}

/** Foreign keys and checks: their names are unique in the whole database. */
export function mysqlConstraints(table: Table): readonly string[] {
  const keys = (table.foreignKeys ?? []).map(
    (key) =>
      `CONSTRAINT \`${key.name}\` FOREIGN KEY (\`${key.column}\`) REFERENCES \`${key.to}\` (\`id\`) ON DELETE CASCADE ON UPDATE CASCADE`,
  );
  return [...keys, ...oneTargetCheck(table)];
}

function oneTargetCheck(table: Table): readonly string[] {
  if (table.oneTarget === undefined) return [];
  const sum = table.oneTarget.exactlyOneOf.map((name) => `(\`${name}\` IS NOT NULL)`).join(' + ');
  return [`CONSTRAINT \`${table.oneTarget.name}\` CHECK (${sum} = 1)`];
}

export function mysqlColumn(column: Column): string {
  return [
    `\`${column.name}\` ${mysqlType(column)}`,
    column.notNull ? ' NOT NULL' : '',
    defaultClause(column),
    column.touchedOnUpdate === true ? ' ON UPDATE CURRENT_TIMESTAMP' : '',
  ].join('');
}

/** As `information_schema.columns.column_type` has it. */
export function mysqlType(column: Column): string {
  switch (column.type.kind) {
    case 'varchar':
      return `varchar(${column.type.size})`;
    case 'uuid':
      return 'char(36)';
    case 'flag':
      return 'tinyint(1)';
    case 'int':
    case 'bigint':
    case 'text':
    case 'longtext':
    case 'datetime':
    case 'json':
    case 'blob':
      return column.type.kind;
    default:
      return unreachable(column.type, 'mysql column type');
  }
}

function defaultClause(column: Column): string {
  if (column.default === undefined) return '';
  switch (column.default.kind) {
    case 'literal':
      return ` DEFAULT '${column.default.value}'`;
    case 'now':
      return ' DEFAULT CURRENT_TIMESTAMP';
    case 'new-uuid':
      return ' DEFAULT (uuid())';
    case 'empty-object':
      return ' DEFAULT (json_object())';
    default:
      return unreachable(column.default, 'mysql column default');
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
