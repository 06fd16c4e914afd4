import type { ColumnShape, TableShape } from '../../ports/store-admin.ts';
import { unreachable } from '../../core/errors.ts';
import type { ColumnType } from './table.ts';
import { ledgerTables } from './tables.ts';

/** The ledger's tables as those who copy rows see them. */
export const tableShapes: readonly TableShape[] = ledgerTables.map(({ name, columns, primaryKey }) => ({
  name,
  columns: columns.map((column) => ({ name: column.name, kind: kindOf(column.type) })),
  primaryKey,
}));

/** Names in a database that are no table of a ledger; Dolt's and our own helper tables do not count. */
export function strangeNames(names: readonly string[]): readonly string[] {
  const known = new Set(ledgerTables.map((table) => table.name));
  return names
    .filter((name) => !known.has(name) && !/^(?:dolt_|sqlite_|__gt_|__temp__)/.test(name))
    .toSorted();
}

function kindOf(type: ColumnType): ColumnShape['kind'] {
  switch (type.kind) {
    case 'varchar':
    case 'uuid':
    case 'text':
    case 'longtext':
      return 'text';
    case 'int':
    case 'bigint':
    case 'flag':
      return 'number';
    case 'datetime':
      return 'time';
    case 'json':
    case 'blob':
      return type.kind;
    default:
      return unreachable(type, 'column type');
  }
}
