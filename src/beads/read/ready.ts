import { readEdgesFrom } from '../blocked/facts.ts';
import { allOf, batches, condition, isNotIn, type Condition } from '../sql/conditions.ts';
import { BEAD_TABLES, text, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type LedgerScope } from '../sql/scope.ts';
import { MOST_KEYS, selectAt } from '../sql/select-at.ts';
import { queryUnion } from '../sql/union.ts';
import type { Bead, ReadyFilter } from '../types.ts';
import { UNREADY_TYPES } from '../words/kinds.ts';
import { toSqlTime } from '../words/times.ts';
import { parentsBelow } from './below.ts';
import { filterCondition } from './filter.ts';
import { isWide, selectFirst } from './first-page.ts';
import { BY_PRIORITY, selectBeads } from './select.ts';

const RECENT_MS = 48 * 3_600_000;

/**
 * Work that somebody could start now (spec 02 §4). Absent limit = all. Children of beads that are put off are taken
 * out afterwards, page by page: as a condition of the query Dolt takes ten times as long (measured).
 */
export async function readyBeads(scope: LedgerScope, wanted: ReadyFilter): Promise<readonly Bead[]> {
  const ready: Bead[] = [];
  const { below, ...choice } = wanted;
  const filter = below === undefined ? choice : { ...choice, parent: await parentsBelow(scope, below) };
  for (let offset = 0; ; offset += filter.limit ?? 0) {
    const page = await readPage(scope, filter, offset);
    const late = filter.includeDeferred === true ? new Set() : await childrenPutOff(scope, page);
    ready.push(...page.filter((bead) => !late.has(bead.id)));
    if (filter.limit === undefined || page.length < filter.limit) return ready;
    if (ready.length >= filter.limit) return ready.slice(0, filter.limit);
  }
}

function readPage(scope: LedgerScope, filter: ReadyFilter, offset: number): Promise<readonly Bead[]> {
  const query = {
    among: () => filter.ids,
    where: (table: BeadTable) => readyCondition(scope, filter, table),
    order: orderOf(scope, filter.order ?? 'priority'),
    limit: filter.limit,
    offset,
  };
  const { limit, order = 'priority', includeDeferred: _, includeEphemeral: __, ...narrower } = filter;
  return limit !== undefined && order === 'priority' && isWide(narrower)
    ? selectFirst(scope, { ...query, limit, candidates: "is_blocked = 0 AND status = 'open'" })
    : selectBeads(scope, query);
}

/** What makes a bead of `b` ready, but for a parent that is put off. */
export function readyCondition(scope: LedgerScope, filter: ReadyFilter, table: BeadTable): Condition {
  const { order: _, ...choice } = filter;
  const isDue = condition('b.defer_until IS NULL OR b.defer_until <= ?', sqlNow(scope));
  return allOf([
    condition("b.status = 'open' AND b.is_blocked = 0"),
    condition('COALESCE(b.pinned, 0) = 0'),
    filter.includeEphemeral === true ? undefined : condition('COALESCE(b.ephemeral, 0) = 0'),
    filter.type === undefined ? isNotIn('b.issue_type', UNREADY_TYPES) : undefined,
    filter.includeDeferred === true ? undefined : isDue,
    filterCondition(scope, choice, table),
  ]);
}

/** Those of the beads whose parent is put off. */
async function childrenPutOff(scope: LedgerScope, beads: readonly Bead[]): Promise<ReadonlySet<string>> {
  if (beads.length === 0) return new Set();
  const edges = await readEdgesFrom(
    scope,
    beads.map((bead) => bead.id),
    ['parent-child'],
    [...new Set(beads.map((bead) => bead.table))],
  );
  const parents = await putOff(scope, new Set(edges.map((edge) => edge.to)));
  return new Set(edges.filter((edge) => parents.has(edge.to)).map((edge) => edge.from));
}

async function putOff(scope: LedgerScope, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const batch of batches([...ids], MOST_KEYS)) {
    const parts = BEAD_TABLES.map((table) => {
      const { sql, values } = selectAt(scope, 't.id', [table, 'id'], batch);
      return condition(`${sql} WHERE t.defer_until > ?`, ...values, sqlNow(scope));
    });
    for (const row of await queryUnion(scope.sql, parts)) found.add(text(row, 'id'));
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
