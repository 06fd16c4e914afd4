import {
  blob,
  createdNow,
  datetime,
  int,
  longtext,
  newUuid,
  text,
  varchar,
  type ForeignKey,
  type Table,
} from './table.ts';

const issueId = varchar('issue_id', 255, { notNull: true });

function ownedBy(name: string, to: 'issues' | 'wisps', column = 'issue_id'): readonly ForeignKey[] {
  return [{ name, column, to }];
}

const comments: Table = {
  name: 'comments',
  columns: [
    newUuid('id'),
    issueId,
    varchar('author', 255, { notNull: true }),
    longtext('text', { notNull: true }),
    createdNow('created_at', { notNull: true }),
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'idx_comments_created_at', columns: ['created_at'] },
    { name: 'idx_comments_issue', columns: ['issue_id'] },
  ],
  foreignKeys: ownedBy('fk_comments_issue', 'issues'),
};

const wispComments: Table = {
  name: 'wisp_comments',
  columns: [
    newUuid('id'),
    issueId,
    varchar('author', 255, { default: '' }),
    text('text', { notNull: true }),
    createdNow('created_at'),
  ],
  primaryKey: ['id'],
  indexes: [{ name: 'idx_wisp_comments_issue', columns: ['issue_id'] }],
  foreignKeys: ownedBy('fk_wisp_comments_issue', 'wisps'),
};

const events: Table = {
  name: 'events',
  columns: [
    newUuid('id'),
    issueId,
    varchar('event_type', 32, { notNull: true }),
    varchar('actor', 255, { notNull: true }),
    longtext('old_value'),
    longtext('new_value'),
    text('comment'),
    createdNow('created_at', { notNull: true }),
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'idx_events_created_at', columns: ['created_at'] },
    { name: 'idx_events_issue', columns: ['issue_id'] },
  ],
  foreignKeys: ownedBy('fk_events_issue', 'issues'),
};

const wispEvents: Table = {
  name: 'wisp_events',
  columns: [
    newUuid('id'),
    issueId,
    varchar('event_type', 32, { notNull: true }),
    varchar('actor', 255, { default: '' }),
    longtext('old_value', { default: '' }),
    longtext('new_value', { default: '' }),
    text('comment', { default: '' }),
    createdNow('created_at'),
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'idx_wisp_events_created_at', columns: ['created_at'] },
    { name: 'idx_wisp_events_issue', columns: ['issue_id'] },
  ],
  foreignKeys: ownedBy('fk_wisp_events_issue', 'wisps'),
};

function childCounters(name: string, key: string, to: 'issues' | 'wisps'): Table {
  return {
    name,
    columns: [varchar('parent_id', 255, { notNull: true }), int('last_child', { notNull: true, default: 0 })],
    primaryKey: ['parent_id'],
    foreignKeys: ownedBy(key, to, 'parent_id'),
  };
}

const issueSnapshots: Table = {
  name: 'issue_snapshots',
  columns: [
    newUuid('id'),
    issueId,
    datetime('snapshot_time', { notNull: true }),
    int('compaction_level', { notNull: true }),
    int('original_size', { notNull: true }),
    int('compressed_size', { notNull: true }),
    text('original_content', { notNull: true }),
    text('archived_events'),
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'idx_snapshots_issue', columns: ['issue_id'] },
    { name: 'idx_snapshots_level', columns: ['compaction_level'] },
  ],
  foreignKeys: ownedBy('fk_snapshots_issue', 'issues'),
};

const compactionSnapshots: Table = {
  name: 'compaction_snapshots',
  columns: [
    newUuid('id'),
    issueId,
    int('compaction_level', { notNull: true }),
    blob('snapshot_json', { notNull: true }),
    createdNow('created_at', { notNull: true }),
  ],
  primaryKey: ['id'],
  indexes: [{ name: 'idx_comp_snap_issue', columns: ['issue_id', 'compaction_level', 'created_at'] }],
  foreignKeys: ownedBy('fk_comp_snap_issue', 'issues'),
};

/** Rows that belong to one bead and go with it. */
export const recordTables: readonly Table[] = [
  comments,
  wispComments,
  events,
  wispEvents,
  childCounters('child_counters', 'fk_counter_parent', 'issues'),
  childCounters('wisp_child_counters', 'fk_wisp_child_counters_parent', 'wisps'),
  issueSnapshots,
  compactionSnapshots,
];
