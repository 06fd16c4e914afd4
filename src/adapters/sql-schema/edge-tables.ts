import { createdNow, jsonObject, newUuid, varchar, type Column, type Index, type Table } from './table.ts';

const TARGETS = ['issue', 'wisp', 'external'] as const;
const TARGET_COLUMNS = ['depends_on_issue_id', 'depends_on_wisp_id', 'depends_on_external'] as const;

const targetColumns: readonly Column[] = TARGET_COLUMNS.map((name) => varchar(name, 255));

/** `idx_x_issue(column)`-like indexes, one for each kind of target, `before` ahead of the target's column. */
function targetIndexes(name: (target: string) => string, before: readonly string[]): readonly Index[] {
  return TARGETS.map((target, place) => ({
    name: name(target),
    columns: [...before, ...TARGET_COLUMNS.slice(place, place + 1)],
  }));
}

const dependencies: Table = {
  name: 'dependencies',
  columns: [
    newUuid('id'),
    varchar('issue_id', 255, { notNull: true }),
    varchar('type', 32, { notNull: true, default: 'blocks' }),
    createdNow('created_at', { notNull: true }),
    varchar('created_by', 255, { notNull: true }),
    jsonObject('metadata'),
    varchar('thread_id', 255, { default: '' }),
    ...targetColumns,
  ],
  primaryKey: ['id'],
  uniques: targetIndexes((target) => `uk_dep_${target}_target`, ['issue_id']),
  indexes: [
    ...targetIndexes((target) => `idx_dep_${target}_target`, []),
    ...targetIndexes((target) => `idx_dep_type_${target}`, ['type']),
    { name: 'idx_dependencies_issue', columns: ['issue_id'] },
    { name: 'idx_dependencies_thread', columns: ['thread_id'] },
  ],
  // None to wisps: a versioned table must not reference an unversioned one.
  foreignKeys: [
    { name: 'fk_dep_issue', column: 'issue_id', to: 'issues' },
    { name: 'fk_dep_issue_target', column: 'depends_on_issue_id', to: 'issues' },
  ],
  oneTarget: { name: 'ck_dep_one_target', exactlyOneOf: TARGET_COLUMNS },
};

const wispDependencies: Table = {
  name: 'wisp_dependencies',
  columns: [
    newUuid('id'),
    varchar('issue_id', 255, { notNull: true }),
    ...targetColumns,
    varchar('type', 32, { notNull: true, default: 'blocks' }),
    createdNow('created_at'),
    varchar('created_by', 255, { default: '' }),
    jsonObject('metadata'),
    varchar('thread_id', 255, { default: '' }),
  ],
  primaryKey: ['id'],
  uniques: targetIndexes((target) => `uk_wisp_dep_${target}_target`, ['issue_id']),
  indexes: [
    { name: 'idx_wisp_dep_type', columns: ['type'] },
    ...targetIndexes((target) => `idx_wisp_dep_type_${target}`, ['type']),
    // MySQL names the index that a foreign key needs after the key; written out so that SQLite has it too.
    { name: 'fk_wisp_dep_issue_target', columns: ['depends_on_issue_id'] },
    { name: 'fk_wisp_dep_wisp_target', columns: ['depends_on_wisp_id'] },
  ],
  foreignKeys: [
    { name: 'fk_wisp_dep_issue', column: 'issue_id', to: 'wisps' },
    { name: 'fk_wisp_dep_issue_target', column: 'depends_on_issue_id', to: 'issues' },
    { name: 'fk_wisp_dep_wisp_target', column: 'depends_on_wisp_id', to: 'wisps' },
  ],
  oneTarget: { name: 'ck_wisp_dep_one_target', exactlyOneOf: TARGET_COLUMNS },
};

function labelTable(name: string, to: 'issues' | 'wisps'): Table {
  return {
    name,
    columns: [varchar('issue_id', 255, { notNull: true }), varchar('label', 255, { notNull: true })],
    primaryKey: ['issue_id', 'label'],
    indexes: [{ name: `idx_${name}_label`, columns: ['label'] }],
    foreignKeys: [{ name: `fk_${name}_issue`, column: 'issue_id', to }],
  };
}

/** What ties beads to each other and to labels. */
export const edgeTables: readonly Table[] = [
  dependencies,
  wispDependencies,
  labelTable('labels', 'issues'),
  labelTable('wisp_labels', 'wisps'),
];
