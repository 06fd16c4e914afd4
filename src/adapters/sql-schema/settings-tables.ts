import {
  bigint,
  blob,
  createdNow,
  datetime,
  indexEach,
  int,
  json,
  text,
  updatedNow,
  varchar,
  type Table,
} from './table.ts';

function keyValue(name: string, valueOptions: { readonly default?: string }): Table {
  return {
    name,
    columns: [varchar('key', 255, { notNull: true }), text('value', { notNull: true, ...valueOptions })],
    primaryKey: ['key'],
  };
}

const interactions: Table = {
  name: 'interactions',
  columns: [
    varchar('id', 32, { notNull: true }),
    varchar('kind', 64, { notNull: true }),
    datetime('created_at', { notNull: true }),
    varchar('actor', 255),
    varchar('issue_id', 255),
    varchar('model', 255),
    text('prompt'),
    text('response'),
    text('error'),
    varchar('tool_name', 255),
    int('exit_code'),
    varchar('parent_id', 32),
    varchar('label', 64),
    text('reason'),
    json('extra'),
  ],
  primaryKey: ['id'],
  indexes: indexEach('idx_interactions', ['created_at', 'issue_id', 'kind', 'parent_id']),
};

const federationPeers: Table = {
  name: 'federation_peers',
  columns: [
    varchar('name', 255, { notNull: true }),
    varchar('remote_url', 1024, { notNull: true }),
    varchar('username', 255),
    blob('password_encrypted'),
    varchar('sovereignty', 8, { default: '' }),
    datetime('last_sync'),
    createdNow('created_at', { notNull: true }),
    updatedNow('updated_at'),
  ],
  primaryKey: ['name'],
  indexes: [{ name: 'idx_federation_peers_sovereignty', columns: ['sovereignty'] }],
};

const repoMtimes: Table = {
  name: 'repo_mtimes',
  columns: [
    varchar('repo_path', 512, { notNull: true }),
    varchar('jsonl_path', 512, { notNull: true }),
    bigint('mtime_ns', { notNull: true }),
    createdNow('last_checked', { notNull: true }),
  ],
  primaryKey: ['repo_path'],
  indexes: [{ name: 'idx_repo_mtimes_checked', columns: ['last_checked'] }],
};

/** What holds for a whole database. The two version tables come last: they say that all others are there. */
export const settingsTables: readonly Table[] = [
  keyValue('config', {}),
  keyValue('metadata', {}),
  keyValue('local_metadata', { default: '' }),
  {
    name: 'custom_types',
    columns: [varchar('name', 64, { notNull: true })],
    primaryKey: ['name'],
  },
  {
    name: 'custom_statuses',
    columns: [
      varchar('name', 64, { notNull: true }),
      varchar('category', 32, { notNull: true, default: 'unspecified' }),
    ],
    primaryKey: ['name'],
  },
  {
    name: 'issue_counter',
    columns: [varchar('prefix', 255, { notNull: true }), int('last_id', { notNull: true, default: 0 })],
    primaryKey: ['prefix'],
  },
  {
    name: 'routes',
    columns: [
      varchar('prefix', 32, { notNull: true }),
      varchar('path', 512, { notNull: true }),
      createdNow('created_at', { notNull: true }),
      updatedNow('updated_at'),
    ],
    primaryKey: ['prefix'],
  },
  repoMtimes,
  interactions,
  federationPeers,
  {
    name: 'schema_migrations',
    columns: [int('version', { notNull: true })],
    primaryKey: ['version'],
  },
  {
    name: 'ignored_schema_migrations',
    columns: [int('version', { notNull: true }), createdNow('applied_at', { notNull: true })],
    primaryKey: ['version'],
  },
];
