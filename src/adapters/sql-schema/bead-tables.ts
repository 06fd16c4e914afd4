import {
  bigint,
  createdNow,
  datetime,
  flag,
  indexEach,
  int,
  jsonObject,
  longtext,
  text,
  updatedNow,
  varchar,
  type Column,
  type Table,
} from './table.ts';

/** Beads that keep their history, and (same columns) the short-lived ones that no version ever holds. */
export const beadTables: readonly Table[] = [beadTable('issues', {}), beadTable('wisps', { default: '' })];

function beadTable(name: 'issues' | 'wisps', longTextOptions: { readonly default?: string }): Table {
  return {
    name,
    columns: beadColumns(longTextOptions),
    primaryKey: ['id'],
    indexes: [
      ...indexEach(`idx_${name}`, [
        'assignee',
        'created_at',
        'external_ref',
        'issue_type',
        'priority',
        'spec_id',
        'status',
      ]),
      { name: `idx_${name}_is_blocked`, columns: ['is_blocked', 'status'] },
    ],
  };
}

/** The order is part of the contract: other programs read `SELECT *` by position. */
function beadColumns(longTextOptions: { readonly default?: string }): readonly Column[] {
  const prose = { notNull: true, ...longTextOptions } as const;
  return [
    varchar('id', 255, { notNull: true }),
    varchar('content_hash', 64),
    varchar('title', 500, { notNull: true }),
    longtext('description', prose),
    longtext('design', prose),
    longtext('acceptance_criteria', prose),
    longtext('notes', prose),
    varchar('status', 32, { notNull: true, default: 'open' }),
    int('priority', { notNull: true, default: 2 }),
    varchar('issue_type', 32, { notNull: true, default: 'task' }),
    varchar('assignee', 255),
    int('estimated_minutes'),
    createdNow('created_at', { notNull: true }),
    varchar('created_by', 255, { default: '' }),
    varchar('owner', 255, { default: '' }),
    updatedNow('updated_at'),
    datetime('closed_at'),
    varchar('closed_by_session', 255, { default: '' }),
    varchar('external_ref', 255),
    varchar('spec_id', 1024),
    int('compaction_level', { default: 0 }),
    datetime('compacted_at'),
    varchar('compacted_at_commit', 64),
    int('original_size'),
    varchar('sender', 255, { default: '' }),
    flag('ephemeral'),
    varchar('wisp_type', 32, { default: '' }),
    flag('pinned'),
    flag('is_template'),
    varchar('mol_type', 32, { default: '' }),
    varchar('work_type', 32, { default: 'mutex' }),
    varchar('source_system', 255, { default: '' }),
    jsonObject('metadata'),
    varchar('source_repo', 512, { default: '' }),
    longtext('close_reason', { default: '' }),
    varchar('event_kind', 32, { default: '' }),
    varchar('actor', 255, { default: '' }),
    varchar('target', 255, { default: '' }),
    text('payload', { default: '' }),
    varchar('await_type', 32, { default: '' }),
    varchar('await_id', 255, { default: '' }),
    bigint('timeout_ns', { default: 0 }),
    text('waiters', { default: '' }),
    varchar('hook_bead', 255, { default: '' }),
    varchar('role_bead', 255, { default: '' }),
    varchar('agent_state', 32, { default: '' }),
    datetime('last_activity'),
    varchar('role_type', 32, { default: '' }),
    varchar('rig', 255, { default: '' }),
    datetime('due_at'),
    datetime('defer_until'),
    flag('no_history'),
    datetime('started_at'),
    flag('is_blocked', { notNull: true, default: 0 }),
  ];
}
