/**
 * What bd 1.0.1 to 1.0.4 leave behind: schema version 32. Numbered events and comments, edges with one target column,
 * no `is_blocked`, no foreign keys on the wisps' tables. Statements in order, for an empty database.
 */
export function schema32(): readonly string[] {
  return [
    "REPLACE INTO dolt_ignore VALUES ('wisps', 1), ('wisp_%', 1), ('local_metadata', 1), ('repo_mtimes', 1)",
    `CREATE TABLE issues (${beadColumns('')}, quality_score double, crystallizes tinyint(1) DEFAULT 0, ${beadTail},
      ${beadIndexes('issues')})`,
    `CREATE TABLE wisps (${beadColumns(" DEFAULT ''")}, wisp_type varchar(32) DEFAULT '', spec_id varchar(1024), ${beadTail},
      ${beadIndexes('wisps')})`,
    `CREATE TABLE dependencies (issue_id varchar(255) NOT NULL, depends_on_id varchar(255) NOT NULL,
      type varchar(32) NOT NULL DEFAULT 'blocks', created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      created_by varchar(255) NOT NULL, metadata json DEFAULT (json_object()), thread_id varchar(255) DEFAULT '',
      PRIMARY KEY (issue_id, depends_on_id), KEY idx_dependencies_issue (issue_id),
      KEY idx_dependencies_depends_on (depends_on_id), KEY idx_dependencies_depends_on_type (depends_on_id, type),
      KEY idx_dependencies_thread (thread_id),
      CONSTRAINT fk_dep_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    `CREATE TABLE wisp_dependencies (issue_id varchar(255) NOT NULL, depends_on_id varchar(255) NOT NULL,
      type varchar(32) NOT NULL DEFAULT 'blocks', created_at datetime DEFAULT CURRENT_TIMESTAMP,
      created_by varchar(255) DEFAULT '', metadata json DEFAULT (json_object()), thread_id varchar(255) DEFAULT '',
      PRIMARY KEY (issue_id, depends_on_id), KEY idx_wisp_dep_depends (depends_on_id), KEY idx_wisp_dep_type (type))`,
    labels(
      'labels',
      ', CONSTRAINT fk_labels_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE',
    ),
    labels('wisp_labels', ''),
    `CREATE TABLE comments (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      author varchar(255) NOT NULL, text text NOT NULL, created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      KEY idx_comments_issue (issue_id), KEY idx_comments_created_at (created_at),
      CONSTRAINT fk_comments_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    `CREATE TABLE wisp_comments (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      author varchar(255) DEFAULT '', text text NOT NULL, created_at datetime DEFAULT CURRENT_TIMESTAMP,
      KEY idx_wisp_comments_issue (issue_id))`,
    `CREATE TABLE events (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      event_type varchar(32) NOT NULL, actor varchar(255) NOT NULL, old_value text, new_value text, comment text,
      created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP, KEY idx_events_issue (issue_id),
      KEY idx_events_created_at (created_at),
      CONSTRAINT fk_events_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    `CREATE TABLE wisp_events (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      event_type varchar(32) NOT NULL, actor varchar(255) DEFAULT '', old_value text DEFAULT '',
      new_value text DEFAULT '', comment text DEFAULT '', created_at datetime DEFAULT CURRENT_TIMESTAMP,
      KEY idx_wisp_events_issue (issue_id), KEY idx_wisp_events_created_at (created_at))`,
    `CREATE TABLE child_counters (parent_id varchar(255) PRIMARY KEY, last_child int NOT NULL DEFAULT 0,
      CONSTRAINT fk_counter_parent FOREIGN KEY (parent_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    `CREATE TABLE issue_snapshots (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      snapshot_time datetime NOT NULL, compaction_level int NOT NULL, original_size int NOT NULL,
      compressed_size int NOT NULL, original_content text NOT NULL, archived_events text,
      KEY idx_snapshots_issue (issue_id), KEY idx_snapshots_level (compaction_level),
      CONSTRAINT fk_snapshots_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    `CREATE TABLE compaction_snapshots (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, issue_id varchar(255) NOT NULL,
      compaction_level int NOT NULL, snapshot_json blob NOT NULL,
      created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      KEY idx_comp_snap_issue (issue_id, compaction_level, created_at),
      CONSTRAINT fk_comp_snap_issue FOREIGN KEY (issue_id) REFERENCES issues(id) ON DELETE CASCADE)`,
    'CREATE TABLE config (`key` varchar(255) PRIMARY KEY, value text NOT NULL)',
    'CREATE TABLE metadata (`key` varchar(255) PRIMARY KEY, value text NOT NULL)',
    "CREATE TABLE local_metadata (`key` varchar(255) PRIMARY KEY, value text NOT NULL DEFAULT '')",
    'CREATE TABLE custom_types (name varchar(64) PRIMARY KEY)',
    "CREATE TABLE custom_statuses (name varchar(64) PRIMARY KEY, category varchar(32) NOT NULL DEFAULT 'unspecified')",
    'CREATE TABLE issue_counter (prefix varchar(255) PRIMARY KEY, last_id int NOT NULL DEFAULT 0)',
    `CREATE TABLE routes (prefix varchar(32) PRIMARY KEY, path varchar(512) NOT NULL,
      created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      updated_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)`,
    `CREATE TABLE repo_mtimes (repo_path varchar(512) PRIMARY KEY, jsonl_path varchar(512) NOT NULL,
      mtime_ns bigint NOT NULL, last_checked datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      KEY idx_repo_mtimes_checked (last_checked))`,
    `CREATE TABLE interactions (id varchar(32) PRIMARY KEY, kind varchar(64) NOT NULL, created_at datetime NOT NULL,
      actor varchar(255), issue_id varchar(255), model varchar(255), prompt text, response text, error text,
      tool_name varchar(255), exit_code int, parent_id varchar(32), label varchar(64), reason text, extra json,
      KEY idx_interactions_kind (kind), KEY idx_interactions_created_at (created_at),
      KEY idx_interactions_issue_id (issue_id), KEY idx_interactions_parent_id (parent_id))`,
    `CREATE TABLE federation_peers (name varchar(255) PRIMARY KEY, remote_url varchar(1024) NOT NULL,
      username varchar(255), password_encrypted blob, sovereignty varchar(8) DEFAULT '', last_sync datetime,
      created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
      updated_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
      KEY idx_federation_peers_sovereignty (sovereignty))`,
    'CREATE TABLE schema_migrations (version int PRIMARY KEY)',
    `INSERT INTO schema_migrations VALUES ${Array.from({ length: 32 }, (_, index) => `(${index + 1})`).join(', ')}`,
    'CREATE VIEW ready_issues AS SELECT i.* FROM issues i LEFT JOIN dependencies d ON d.depends_on_id = i.id WHERE d.issue_id IS NULL',
    'CREATE VIEW blocked_issues AS SELECT i.* FROM issues i JOIN dependencies d ON d.depends_on_id = i.id',
  ];
}

/** Rows that every part of the upgrade has to carry over. */
export const ROWS_32: readonly string[] = [
  `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes, issue_type, status) VALUES
    ('fx-a', 'Blocker', 'ünï 漢', '', '', '', 'task', 'open'), ('fx-b', 'Blocked', '', '', '', '', 'task', 'open'),
    ('fx-b.1', 'Child', '', '', '', '', 'task', 'open'), ('fx-ag', 'Agent', '', '', '', '', 'agent', 'open')`,
  "INSERT INTO wisps (id, title, ephemeral) VALUES ('fx-wisp-1', 'Wisp', 1)",
  `INSERT INTO dependencies (issue_id, depends_on_id, type, created_by) VALUES
    ('fx-b', 'fx-a', 'blocks', 'ann'), ('fx-b.1', 'fx-b', 'parent-child', 'ann'), ('fx-a', 'fx-ag', 'related', 'ann'),
    ('fx-a', 'fx-wisp-1', 'tracks', 'ann'), ('fx-a', 'external:other:other-1', 'blocks', 'ann'),
    ('fx-b', 'gone-1', 'related', 'ann'), ('fx-ag', 'fx-b', 'tracks', 'ann')`,
  "INSERT INTO wisp_dependencies (issue_id, depends_on_id, type) VALUES ('fx-wisp-1', 'fx-a', 'blocks'), ('fx-wisp-0', 'fx-a', 'blocks')",
  "INSERT INTO labels VALUES ('fx-a', 'money'), ('fx-ag', 'gt:agent')",
  "INSERT INTO wisp_labels VALUES ('fx-wisp-1', 'w')",
  "INSERT INTO comments (issue_id, author, text) VALUES ('fx-a', 'ann', 'first'), ('fx-a', 'bob', 'second'), ('fx-ag', 'ann', 'mine')",
  "INSERT INTO events (issue_id, event_type, actor, new_value) VALUES ('fx-a', 'created', 'ann', 'v'), ('fx-ag', 'created', 'ann', NULL)",
  "INSERT INTO wisp_events (issue_id, event_type) VALUES ('fx-wisp-1', 'created')",
  "INSERT INTO child_counters VALUES ('fx-b', 1)",
  "INSERT INTO config VALUES ('issue_prefix', 'fx'), ('types.custom', 'agent,role'), ('status.custom', 'staged:active')",
  "INSERT INTO metadata VALUES ('_project_id', 'p-32'), ('dolt_auto_push_last', 'x')",
];

function beadColumns(textDefault: string): string {
  const prose = ['description', 'design', 'acceptance_criteria', 'notes'].map(
    (name) => `${name} text NOT NULL${textDefault}`,
  );
  const short = (names: string, size: number) =>
    names.split(' ').map((name) => `${name} varchar(${size}) DEFAULT ''`);
  return [
    'id varchar(255) PRIMARY KEY, content_hash varchar(64), title varchar(500) NOT NULL',
    ...prose,
    "status varchar(32) NOT NULL DEFAULT 'open', priority int NOT NULL DEFAULT 2",
    "issue_type varchar(32) NOT NULL DEFAULT 'task', assignee varchar(255), estimated_minutes int",
    'created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP',
    ...short('created_by owner', 255),
    'updated_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, closed_at datetime',
    "closed_by_session varchar(255) DEFAULT '', external_ref varchar(255), compaction_level int DEFAULT 0",
    'compacted_at datetime, compacted_at_commit varchar(64), original_size int',
    "sender varchar(255) DEFAULT '', ephemeral tinyint(1) DEFAULT 0, pinned tinyint(1) DEFAULT 0",
    "is_template tinyint(1) DEFAULT 0, mol_type varchar(32) DEFAULT '', work_type varchar(32) DEFAULT 'mutex'",
    "source_system varchar(255) DEFAULT '', metadata json DEFAULT (json_object()), source_repo varchar(512) DEFAULT ''",
    "close_reason text DEFAULT '', event_kind varchar(32) DEFAULT ''",
    ...short('actor target', 255),
    "payload text DEFAULT '', await_type varchar(32) DEFAULT '', await_id varchar(255) DEFAULT ''",
    "timeout_ns bigint DEFAULT 0, waiters text DEFAULT ''",
    ...short('hook_bead role_bead', 255),
    "agent_state varchar(32) DEFAULT '', last_activity datetime, role_type varchar(32) DEFAULT ''",
    "rig varchar(255) DEFAULT '', due_at datetime, defer_until datetime",
  ].join(', ');
}

const beadTail = 'no_history tinyint(1) DEFAULT 0, started_at datetime';

function beadIndexes(table: string): string {
  return ['status', 'priority', 'issue_type', 'assignee', 'created_at', 'external_ref']
    .map((column) => `KEY idx_${table}_${column} (${column})`)
    .join(', ');
}

function labels(table: string, key: string): string {
  return `CREATE TABLE ${table} (issue_id varchar(255) NOT NULL, label varchar(255) NOT NULL,
    PRIMARY KEY (issue_id, label), KEY idx_${table}_label (label)${key})`;
}
