import { UsageError } from '../../core/errors.ts';
import { isIn } from '../sql/conditions.ts';
import {
  BUILTIN_STATUSES,
  BUILTIN_TYPES,
  canonicalType,
  parseCustomStatuses,
  parseCustomTypes,
} from './kinds.ts';
import { text } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';

/** The stored form of a type word, built in or configured. Throws UsageError `bead.bad-type`. */
export async function checkType(scope: LedgerScope, raw: string): Promise<string> {
  const type = canonicalType(raw);
  if (BUILTIN_TYPES.has(type)) return type;
  const custom = await customTypes(scope);
  if (custom.has(type)) return type;
  throw new UsageError({
    code: 'bead.bad-type',
    message: `invalid issue type ${JSON.stringify(raw.slice(0, 40))}`,
    hint: `Valid types: ${[...new Set([...BUILTIN_TYPES, ...custom])].toSorted().join(', ')}`,
  });
}

/** A status word, built in or configured. Throws UsageError `bead.bad-status`. */
export async function checkStatus(scope: LedgerScope, raw: string): Promise<string> {
  const status = raw.trim().toLowerCase();
  if (BUILTIN_STATUSES.has(status)) return status;
  const custom = await customStatuses(scope);
  if (custom.has(status)) return status;
  throw new UsageError({
    code: 'bead.bad-status',
    message: `invalid status ${JSON.stringify(raw.slice(0, 40))}`,
    hint: `Valid statuses: ${[...BUILTIN_STATUSES, ...custom.keys()].join(', ')}`,
  });
}

/** Configured types: the config row and its table both count, since writers keep only one of them. */
async function customTypes(scope: LedgerScope): Promise<ReadonlySet<string>> {
  const rows = await scope.sql.query('SELECT name FROM custom_types');
  const listed = parseCustomTypes(await configValue(scope, 'types.custom'));
  return new Set([...rows.map((row) => text(row, 'name')), ...listed]);
}

/** Configured statuses with their category (active, wip, done, frozen, unspecified). */
async function customStatuses(scope: LedgerScope): Promise<ReadonlyMap<string, string>> {
  const rows = await scope.sql.query('SELECT name, category FROM custom_statuses');
  const listed = parseCustomStatuses(await configValue(scope, 'status.custom'));
  return new Map([...listed, ...rows.map((row) => [text(row, 'name'), text(row, 'category')] as const)]);
}

async function configValue(scope: LedgerScope, key: string): Promise<string> {
  const where = isIn('`key`', [key]);
  const rows = await scope.sql.query(`SELECT value FROM config WHERE ${where.sql}`, where.values);
  return rows[0] === undefined ? '' : text(rows[0], 'value');
}
