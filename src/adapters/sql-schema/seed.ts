import type { DatabaseIdentity } from '../../ports/store.ts';
import { SCHEMA_VERSION, UNVERSIONED_SCHEMA_VERSION } from './versions.ts';

/** Rows that every new database starts with, all columns given by the statement's list. */
export interface SeedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface SeedFacts {
  readonly identity: DatabaseIdentity;
  /** At least 24 random bytes: the ids of this copy and of the repository it belongs to. */
  readonly random: Uint8Array;
  /** RFC 3339. */
  readonly now: string;
}

/** The version of `bd` whose schema this is; it looks here for pending upgrades. */
const BD_VERSION = '1.0.5';

const CUSTOM_TYPES = [
  'agent',
  'role',
  'rig',
  'convoy',
  'slot',
  'queue',
  'event',
  'message',
  'molecule',
  'gate',
  'merge-request',
];
const CUSTOM_STATUSES = ['staged_ready', 'staged_warnings'];

const COMPACTION_DEFAULTS = {
  compaction_enabled: 'false',
  compact_tier1_days: '30',
  compact_tier1_dep_levels: '2',
  compact_tier2_days: '90',
  compact_tier2_dep_levels: '5',
  compact_tier2_commits: '100',
  compact_batch_size: '50',
  compact_parallel_workers: '5',
  auto_compact_enabled: 'false',
};

/** The version rows come last: a database without them is one whose bootstrap did not finish. */
export function seedRows(facts: SeedFacts): readonly SeedRows[] {
  return [
    keyValues('config', configOf(facts.identity.prefix)),
    keyValues('metadata', metadataOf(facts)),
    keyValues('local_metadata', { bd_version: BD_VERSION }),
    // Types or statuses in `config` with an empty table count as a pending migration for bd: always both.
    { table: 'custom_types', columns: ['name'], rows: CUSTOM_TYPES.map((name) => [name]) },
    {
      table: 'custom_statuses',
      columns: ['name', 'category'],
      rows: CUSTOM_STATUSES.map((name) => [name, 'unspecified']),
    },
    versions('ignored_schema_migrations', UNVERSIONED_SCHEMA_VERSION),
    versions('schema_migrations', SCHEMA_VERSION),
  ];
}

function configOf(prefix: string): Readonly<Record<string, string>> {
  return {
    ...COMPACTION_DEFAULTS,
    issue_prefix: prefix,
    'types.custom': CUSTOM_TYPES.join(','),
    'status.custom': CUSTOM_STATUSES.join(','),
    ...(prefix === 'hq' ? { allowed_prefixes: 'hq,hq-cv' } : {}),
  };
}

function metadataOf(facts: SeedFacts): Readonly<Record<string, string>> {
  const hex = Buffer.from(facts.random).toString('hex');
  return {
    _project_id: facts.identity.projectId,
    clone_id: hex.slice(0, 16),
    repo_id: hex.slice(16, 48),
    last_import_time: facts.now,
  };
}

function keyValues(table: string, values: Readonly<Record<string, string>>): SeedRows {
  return { table, columns: ['key', 'value'], rows: Object.entries(values) };
}

function versions(table: string, highest: number): SeedRows {
  return { table, columns: ['version'], rows: Array.from({ length: highest }, (_, index) => [index + 1]) };
}

/** `INSERT` of all rows at once with its values in order. */
export function insertStatement(
  seed: SeedRows,
  verb: string,
): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const columns = seed.columns.map((name) => `\`${name}\``).join(', ');
  const row = `(${seed.columns.map(() => '?').join(', ')})`;
  return {
    sql: `${verb} INTO ${seed.table} (${columns}) VALUES ${seed.rows.map(() => row).join(', ')}`,
    values: seed.rows.flat(),
  };
}
