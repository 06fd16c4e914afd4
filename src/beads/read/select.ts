import type { SqlRow } from '../../ports/store.ts';
import { allOf, batches, condition, type Condition } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, beadColumns, parseBead, text, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { MOST_KEYS, keyed, selectAt } from '../sql/select-at.ts';
import type { Bead } from '../types.ts';
import { queryUnion, unionAll } from '../sql/union.ts';

export interface BeadQuery {
  readonly tables?: readonly BeadTable[];
  /** Only these beads of the table; undefined = any. */
  readonly among?: (table: BeadTable) => readonly string[] | undefined;
  /** Conditions on the table, which the query calls `b`. */
  readonly where: (table: BeadTable) => Condition;
  /** ORDER BY over the selected columns. */
  readonly order?: Condition;
  readonly limit?: number | undefined;
  /** Rows to leave out before the first; only with a limit. */
  readonly offset?: number;
}

export const BY_PRIORITY = condition('priority ASC, created_at DESC, id ASC');

/** Beads of both tables in one query, their labels in one more per 2000 rows. */
export async function selectBeads(scope: LedgerScope, query: BeadQuery): Promise<readonly Bead[]> {
  const { order = BY_PRIORITY, limit, offset = 0 } = query;
  const page = (...numbers: readonly number[]): Condition =>
    condition(`${order.sql} LIMIT ?${numbers.length > 1 ? ' OFFSET ?' : ''}`, ...order.values, ...numbers);
  const [beads = []] =
    limit === undefined
      ? await selectLists(scope, [query], order)
      : await selectLists(scope, [{ ...query, first: page(limit + offset) }], page(limit, offset));
  return beads;
}

/** One of several selections. */
interface ListQuery extends Pick<BeadQuery, 'tables' | 'among' | 'where'> {
  /** ORDER BY and LIMIT of each table by itself: engines stop early on an index, which they cannot do above a UNION. */
  readonly first?: Condition;
}

/** Several selections in the same two queries, each in priority order. */
export async function selectLists(
  scope: LedgerScope,
  queries: readonly ListQuery[],
  order = BY_PRIORITY,
): Promise<readonly (readonly Bead[])[]> {
  const parts = queries.flatMap(({ tables = BEAD_TABLES, among, where, first }, index) =>
    tables.map((table) =>
      selectFrom(scope, {
        table,
        from: tableOf(scope, table, among?.(table)),
        list: index,
        where: where(table),
        first,
      }),
    ),
  );
  if (parts.length === 0) return queries.map(() => []);
  const rows = await scope.sql.query(`${unionAll(parts.map((part) => part.sql))} ORDER BY ${order.sql}`, [
    ...parts.flatMap((part) => part.values),
    ...order.values,
  ]);
  const labels = await labelsOf(scope, rows);
  const beads = rows.map((row) => ({
    list: Number(row['list']),
    bead: parseBead(row, labels.get(text(row, 'id')) ?? []),
  }));
  return queries.map((_, index) => beads.filter(({ list }) => list === index).map(({ bead }) => bead));
}

interface Part {
  readonly table: BeadTable;
  readonly from: Condition;
  readonly list: number;
  readonly where: Condition;
  readonly first: Condition | undefined;
}

/** With `first` the ids are picked before the rows are read: Dolt fetches each long text by itself (measured). */
function selectFrom({ dialect }: LedgerScope, { table, from, list, where, first }: Part): Condition {
  const columns = `SELECT ${list} AS list, ${beadColumns(table, 'b')} FROM`;
  const values = [...from.values, ...where.values];
  if (first === undefined) return condition(`${columns} ${from.sql} WHERE ${where.sql}`, ...values);
  const picked = `(SELECT b.id AS pick FROM ${from.sql} WHERE ${where.sql} ORDER BY ${first.sql}) k`;
  return condition(
    `${columns} ${picked} ${dialect.pinnedJoin} ${table} b ON b.id = k.pick`,
    ...values,
    ...first.values,
  );
}

/** A table of beads as `b`, or those rows of it that have one of the ids. */
export function tableOf(scope: LedgerScope, table: BeadTable, ids: readonly string[] | undefined): Condition {
  return ids === undefined ? condition(`${table} b`) : keyed(scope, `${table} b`, 'b.id', ids);
}

/** Labels per id, sorted; the rows' own table decides where to look. */
async function labelsOf(
  scope: LedgerScope,
  rows: readonly SqlRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const batch of batches(rows, MOST_KEYS)) {
    const parts = BEAD_TABLES.flatMap((table) => {
      const ids = batch.filter((row) => row['bead_table'] === table).map((row) => text(row, 'id'));
      const { labels } = TABLES[table];
      return ids.length === 0 ? [] : [selectAt(scope, 't.issue_id, t.label', [labels, 'issue_id'], ids)];
    });
    for (const row of await queryUnion(scope.sql, parts, 'ORDER BY issue_id, label')) {
      const labelsOfOne = found.get(text(row, 'issue_id')) ?? [];
      labelsOfOne.push(text(row, 'label'));
      found.set(text(row, 'issue_id'), labelsOfOne);
    }
  }
  return found;
}

/** The beads of these ids, in no particular order; unknown ids are left out. */
export async function selectByIds(scope: LedgerScope, ids: readonly string[]): Promise<readonly Bead[]> {
  const beads: Bead[] = [];
  for (const batch of batches([...new Set(ids)], MOST_KEYS)) {
    beads.push(...(await selectBeads(scope, { among: () => batch, where: () => allOf([]) })));
  }
  return beads;
}

/**
 * One bead. Where an id wrongly sits in both tables, the issue wins (spec 02, pitfalls). Labels are a query of
 * their own: in a join Dolt reads the whole table of labels (measured).
 */
export async function selectBead(scope: LedgerScope, id: string): Promise<Bead | undefined> {
  const parts = BEAD_TABLES.map(
    (table) => `SELECT ${beadColumns(table, 'b')} FROM ${table} b WHERE b.id = ?`,
  );
  const rows = await scope.sql.query(unionAll(parts), [id, id]);
  const row = rows.find(({ bead_table }) => bead_table === 'issues') ?? rows[0];
  if (row === undefined) return undefined;
  const labels = await labelsOf(scope, [row]);
  return parseBead(row, labels.get(id) ?? []);
}

/** True when some bead fulfils `where`. */
export async function someBead(
  scope: LedgerScope,
  table: BeadTable,
  where: readonly Condition[],
): Promise<boolean> {
  const { sql, values } = allOf(where);
  const rows = await scope.sql.query(`SELECT 1 AS found FROM ${table} b WHERE ${sql} LIMIT 1`, values);
  return rows.length > 0;
}
