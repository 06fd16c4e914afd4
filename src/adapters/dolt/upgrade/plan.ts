import { mysqlColumn, mysqlStatement, mysqlType } from '../../sql-schema/mysql-ddl.ts';
import type { Column, Table } from '../../sql-schema/table.ts';
import { ledgerTables, unversionedPatterns } from '../../sql-schema/tables.ts';
import { SCHEMA_VERSION, UNVERSIONED_SCHEMA_VERSION } from '../../sql-schema/versions.ts';
import { viewStatements } from '../../sql-schema/views.ts';
import type { FoundSchema, FoundTable } from './facts.ts';
import { infraStatements } from './infra.ts';
import { rebuildStatements } from './rebuild.ts';

/** One step of an upgrade; every statement may be repeated after a crash in the middle. */
export interface UpgradeStep {
  /** For people: `events: new form`. */
  readonly text: string;
  readonly statements: readonly string[];
  /** All statements in one transaction: they only move rows. */
  readonly atomic?: true;
  /** Versioned tables that it changes. */
  readonly tables: readonly string[];
}

/**
 * What brings a database from schema 32 (or from anywhere on the way) to ours, by looking at what is there: beads
 * are altered in place, since other tables point at them; everything else is rebuilt where its form differs.
 */
export function planSteps(found: FoundSchema): readonly UpgradeStep[] {
  return [
    ...ignoreSteps(found),
    ...ledgerTables.flatMap((table) => tableSteps(table, found)),
    ...rowSteps(found),
    ...(found.oldViews
      ? [
          {
            text: 'views: read the new columns',
            statements: viewStatements('UTC_TIMESTAMP()').map((view) =>
              view.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW'),
            ),
            tables: ['dolt_schemas'],
          },
        ]
      : []),
  ];
}

/** The last step: who reads these believes that all others are done. */
export function versionStep(found: FoundSchema): UpgradeStep {
  const missing = (table: string, from: number | null, to: number) =>
    Array.from({ length: to - (from ?? 0) }, (_, index) => (from ?? 0) + index + 1).map(
      (version) => `INSERT IGNORE INTO ${table} (version) VALUES (${version})`,
    );
  return {
    text: `version: ${SCHEMA_VERSION}/${UNVERSIONED_SCHEMA_VERSION}`,
    statements: [
      ...missing('ignored_schema_migrations', found.unversioned, UNVERSIONED_SCHEMA_VERSION),
      ...missing('schema_migrations', found.schema, SCHEMA_VERSION),
    ],
    tables: ['schema_migrations'],
  };
}

/** Before any table is made: what must not be versioned must never look new to a commit. */
function ignoreSteps(found: FoundSchema): readonly UpgradeStep[] {
  const missing = unversionedPatterns.filter((pattern) => !found.ignored.has(pattern));
  const statements = [
    ...(found.nonlocalTables > 0 ? ['DELETE FROM dolt_nonlocal_tables'] : []),
    ...missing.map((pattern) => `REPLACE INTO dolt_ignore (pattern, ignored) VALUES ('${pattern}', 1)`),
  ];
  return statements.length === 0
    ? []
    : [
        {
          text: `unversioned tables: ${missing.join(', ') || 'no longer nonlocal'}`,
          statements,
          tables: ['dolt_ignore', ...(found.nonlocalTables > 0 ? ['dolt_nonlocal_tables'] : [])],
        },
      ];
}

function tableSteps(table: Table, found: FoundSchema): readonly UpgradeStep[] {
  const there = found.tables.get(table.name);
  const tables = isUnversioned(table.name) ? [] : [table.name];
  const half = found.tables.has(`gt_new_${table.name}`);
  if (there === undefined && !half) {
    return [{ text: `${table.name}: new`, statements: [mysqlStatement(table)], tables }];
  }
  if (table.name === 'issues' || table.name === 'wisps') {
    const changes = there === undefined ? [] : beadChanges(table, there);
    return changes.length === 0
      ? []
      : [
          {
            text: `${table.name}: ${changes.map(({ text }) => text).join(', ')}`,
            statements: changes.map(({ sql }) => sql),
            tables,
          },
        ];
  }
  if (!half && there !== undefined && sameForm(table, there)) return [];
  return [
    {
      text: `${table.name}: new form`,
      statements: rebuildStatements(table, { there, half: found.tables.get(`gt_new_${table.name}`) }),
      tables,
    },
  ];
}

function isUnversioned(name: string): boolean {
  return unversionedPatterns.some((pattern) => new RegExp(`^${pattern.replaceAll('%', '.*')}$`).test(name));
}

function sameForm(table: Table, there: FoundTable): boolean {
  const sameColumns =
    there.columns.length === table.columns.length &&
    table.columns.every((column, place) => {
      const found = there.columns[place];
      return found?.name === column.name && sameColumn(column, found, table);
    });
  const indexes = [...(table.uniques ?? []), ...(table.indexes ?? [])];
  const constraints = [
    ...(table.foreignKeys ?? []),
    ...(table.oneTarget === undefined ? [] : [table.oneTarget]),
  ];
  return (
    sameColumns &&
    indexes.every(({ name }) => there.indexes.has(name)) &&
    constraints.every(({ name }) => there.constraints.has(name))
  );
}

function sameColumn(column: Column, found: FoundTable['columns'][number], table: Table): boolean {
  const notNull = column.notNull || table.primaryKey.includes(column.name);
  return found.type === mysqlType(column) && found.notNull === notNull;
}

/** Columns that bd once had; others that are not ours are somebody's own and stay. */
const DROPPED = ['quality_score', 'crystallizes'];

function beadChanges(
  table: Table,
  there: FoundTable,
): readonly { readonly text: string; readonly sql: string }[] {
  const alter = `ALTER TABLE \`${table.name}\``;
  const dropped = DROPPED.filter((name) => there.columns.some((column) => column.name === name));
  const order = there.columns.map((column) => column.name).filter((name) => !dropped.includes(name));
  const columns = table.columns.flatMap((column, place) => {
    const found = there.columns.find(({ name }) => name === column.name);
    const before = table.columns[place - 1]?.name;
    const where = before === undefined ? 'FIRST' : `AFTER \`${before}\``;
    const at = order.indexOf(column.name);
    const inPlace = at >= 0 && (before === undefined ? at === 0 : order[at - 1] === before);
    if (found !== undefined && inPlace && sameColumn(column, found, table)) return [];
    if (at >= 0) order.splice(at, 1);
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, column.name);
    const verb = found === undefined ? 'ADD' : 'MODIFY';
    return [
      {
        text: `${found === undefined ? 'add ' : ''}${column.name}`,
        sql: `${alter} ${verb} COLUMN ${mysqlColumn(column)} ${where}`,
      },
    ];
  });
  const indexes = (table.indexes ?? [])
    .filter(({ name }) => !there.indexes.has(name))
    .map(({ name, columns: on }) => ({
      text: `index ${name}`,
      sql: `CREATE INDEX \`${name}\` ON \`${table.name}\` (${on.map((part) => `\`${part}\``).join(', ')})`,
    }));
  const drops = dropped.map((name) => ({ text: `drop ${name}`, sql: `${alter} DROP COLUMN \`${name}\`` }));
  return [...drops, ...columns, ...indexes];
}

function rowSteps(found: FoundSchema): readonly UpgradeStep[] {
  return [
    ...(found.infraIssues === 0
      ? []
      : [
          {
            text: `${found.infraIssues} agents, rigs, roles and messages: from issues to wisps`,
            statements: infraStatements(),
            atomic: true as const,
            tables: ['issues', 'dependencies', 'labels', 'comments', 'events', 'child_counters'],
          },
        ]),
    ...(found.autoPushKeys === 0
      ? []
      : [
          {
            text: 'metadata: without dolt_auto_push keys',
            statements: ["DELETE FROM metadata WHERE LEFT(`key`, 15) = 'dolt_auto_push_'"],
            tables: ['metadata'],
          },
        ]),
  ];
}
