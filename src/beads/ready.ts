import { readEdgesFrom } from './blocked-facts.ts';
import { allOf, batches, condition, isIn, isNotIn } from './conditions.ts';
import type { Condition } from './conditions.ts';
import { UNREADY_TYPES } from './kinds.ts';
import { BEAD_TABLES, TABLES, text } from './rows.ts';
import type { BeadTable } from './rows.ts';
import { sqlNow } from './scope.ts';
import type { LedgerScope } from './scope.ts';
import { BY_PRIORITY, selectBeads } from './select.ts';
import { toSqlTime } from './times.ts';
import type { Bead, ReadyFilter } from './types.ts';
import { unionAll } from './union.ts';

const RECENT_MS = 48 * 3_600_000;

/**
 * Work that somebody could start now (spec 02 §4). Absent limit = all. Children of beads that are put off are taken
 * out afterwards, page by page: as a condition of the query Dolt takes ten times as long (measured).
 */
export async function readyBeads(scope: LedgerScope, filter: ReadyFilter): Promise<readonly Bead[]> {
  const ready: Bead[] = [];
  for (let offset = 0; ; offset += filter.limit ?? 0) {
    const page = await readPage(scope, filter, offset);
    const late = filter.includeDeferred === true ? new Set() : await childrenPutOff(scope, page);
    ready.push(...page.filter((bead) => !late.has(bead.id)));
    if (filter.limit === undefined || page.length < filter.limit) return ready;
    if (ready.length >= filter.limit) return ready.slice(0, filter.limit);
  }
}

function readPage(scope: LedgerScope, filter: ReadyFilter, offset: number): Promise<readonly Bead[]> {
  const isDue = condition('b.defer_until IS NULL OR b.defer_until <= ?', sqlNow(scope));
  return selectBeads(scope, {
    where: (table) =>
      allOf([
        condition("b.status = 'open' AND b.is_blocked = 0"),
        condition('COALESCE(b.pinned, 0) = 0 AND COALESCE(b.is_template, 0) = 0'),
        filter.includeEphemeral === true ? undefined : condition('COALESCE(b.ephemeral, 0) = 0'),
        filter.types === undefined
          ? isNotIn('b.issue_type', UNREADY_TYPES)
          : isIn('b.issue_type', filter.types),
        ...choiceConditions(filter, table),
        filter.includeDeferred === true ? undefined : isDue,
      ]),
    order: orderOf(scope, filter.order ?? 'priority'),
    limit: filter.limit,
    offset,
  });
}

function choiceConditions(filter: ReadyFilter, table: BeadTable): readonly (Condition | undefined)[] {
  const { labels, dependencies } = TABLES[table];
  const unassigned = condition("COALESCE(b.assignee, '') = ''");
  return [
    filter.unassigned === true ? unassigned : undefined,
    filter.assignee === undefined ? undefined : condition('b.assignee = ?', filter.assignee),
    filter.priority === undefined ? undefined : condition('b.priority = ?', filter.priority),
    ...(filter.labels ?? []).map((label) =>
      condition(`b.id IN (SELECT issue_id FROM ${labels} WHERE label = ?)`, label),
    ),
    filter.anyLabel === undefined ? undefined : hasAnyLabel(labels, filter.anyLabel),
    filter.parent === undefined
      ? undefined
      : condition(
          `EXISTS (SELECT 1 FROM ${dependencies} d WHERE d.issue_id = b.id AND d.type = 'parent-child'
            AND (d.depends_on_issue_id = ? OR d.depends_on_wisp_id = ?))`,
          filter.parent,
          filter.parent,
        ),
  ];
}

function hasAnyLabel(labels: string, wanted: readonly string[]): Condition {
  const any = isIn('label', wanted);
  return condition(`b.id IN (SELECT issue_id FROM ${labels} WHERE ${any.sql})`, ...any.values);
}

/** Those of the beads whose parent is put off. */
async function childrenPutOff(scope: LedgerScope, beads: readonly Bead[]): Promise<ReadonlySet<string>> {
  const edges = await readEdgesFrom(
    scope,
    beads.map((bead) => bead.id),
    ['parent-child'],
  );
  const parents = await putOff(scope, new Set(edges.map((edge) => edge.to)));
  return new Set(edges.filter((edge) => parents.has(edge.to)).map((edge) => edge.from));
}

async function putOff(scope: LedgerScope, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const batch of batches([...ids])) {
    const where = isIn('id', batch);
    const sql = BEAD_TABLES.map((table) => `SELECT id FROM ${table} WHERE ${where.sql} AND defer_until > ?`);
    const values = [...where.values, sqlNow(scope)];
    const rows = await scope.sql.query(unionAll(sql), [...values, ...values]);
    for (const row of rows) found.add(text(row, 'id'));
  }
  return found;
}

function orderOf(scope: LedgerScope, order: NonNullable<ReadyFilter['order']>): Condition {
  switch (order) {
    case 'priority':
      return BY_PRIORITY;
    case 'oldest':
      return condition('created_at ASC, id ASC');
    case 'hybrid': {
      const recent = toSqlTime(scope.now() - RECENT_MS);
      return condition(
        `CASE WHEN created_at >= ? THEN priority ELSE 9 END ASC,
         CASE WHEN created_at >= ? THEN NULL ELSE created_at END ASC, created_at DESC, id ASC`,
        recent,
        recent,
      );
    }
  }
}
