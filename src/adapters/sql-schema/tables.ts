import { beadTables } from './bead-tables.ts';
import { edgeTables } from './edge-tables.ts';
import { recordTables } from './record-tables.ts';
import { settingsTables } from './settings-tables.ts';
import type { Table } from './table.ts';

/** Every table of a ledger database in an order that satisfies their foreign keys. */
export const ledgerTables: readonly Table[] = [
  ...beadTables,
  ...edgeTables,
  ...recordTables,
  ...settingsTables,
];

/** Patterns of tables that no version commit may hold (`dolt_ignore`). */
export const unversionedPatterns: readonly string[] = [
  'ignored_schema_migrations',
  'local_metadata',
  'repo_mtimes',
  'wisp_%',
  'wisps',
];

/** Written to disk with every version commit; the settings only when somebody changed settings on purpose. */
export const versionedContent: readonly string[] = [
  'issues',
  'dependencies',
  'labels',
  'comments',
  'events',
  'child_counters',
  'issue_counter',
  'issue_snapshots',
  'compaction_snapshots',
  'interactions',
  'metadata',
  'federation_peers',
];

export const versionedSettings: readonly string[] = ['config', 'custom_types', 'custom_statuses'];
