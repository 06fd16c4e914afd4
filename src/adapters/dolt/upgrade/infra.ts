import { beadTables } from '../../sql-schema/bead-tables.ts';
import { edgeTables } from '../../sql-schema/edge-tables.ts';
import { recordTables } from '../../sql-schema/record-tables.ts';
import type { Table } from '../../sql-schema/table.ts';
import { INFRA_TYPES } from './facts.ts';

const INFRA = `(SELECT id FROM issues WHERE issue_type IN ${INFRA_TYPES})`;

const TWINS = [
  ['labels', 'wisp_labels'],
  ['dependencies', 'wisp_dependencies'],
  ['comments', 'wisp_comments'],
  ['events', 'wisp_events'],
  ['child_counters', 'wisp_child_counters'],
] as const;

/**
 * Agents, rigs, roles and messages with all that is theirs go from the versioned tables to the wisps'. Edges that
 * arrive at them are turned over first, or the cascade of the last statement would take them.
 */
export function infraStatements(): readonly string[] {
  const [issues] = beadTables;
  const columns = (issues?.columns ?? []).map(({ name }) => name);
  const values = columns.map((name) => (name === 'ephemeral' ? '1' : name));
  return [
    `INSERT IGNORE INTO wisps (${columns.join(', ')}) SELECT ${values.join(', ')} FROM issues WHERE issue_type IN ${INFRA_TYPES}`,
    ...['dependencies', 'wisp_dependencies'].map(
      (table) =>
        `UPDATE ${table} SET depends_on_wisp_id = depends_on_issue_id, depends_on_issue_id = NULL WHERE depends_on_issue_id IN ${INFRA}`,
    ),
    ...TWINS.map(([from, to]) => moveStatement(from, to)),
    `DELETE FROM issues WHERE issue_type IN ${INFRA_TYPES}`,
  ];
}

function moveStatement(from: string, to: string): string {
  const table = [...edgeTables, ...recordTables].find(({ name }) => name === from);
  const columns = (table?.columns ?? []).map(({ name }) => name).join(', ');
  return `INSERT IGNORE INTO ${to} (${columns}) SELECT ${columns} FROM ${from} WHERE ${ownerOf(table)} IN ${INFRA}`;
}

function ownerOf(table: Table | undefined): string {
  return table?.foreignKeys?.[0]?.column ?? 'issue_id';
}
