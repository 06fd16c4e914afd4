import type { SqlRow } from '../../ports/store.ts';
import { allOf, batches, condition, isIn } from '../sql/conditions.ts';
import type { Condition } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, beadColumns, parseBead, text } from '../sql/rows.ts';
import type { BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';
import { unionAll } from '../sql/union.ts';

export interface BeadQuery {
  readonly tables?: readonly BeadTable[];
  /** Conditions on the table, which the query calls `b`. */
  readonly where: (table: BeadTable) => Condition;
  /** ORDER BY over the selected columns. */
  readonly order?: Condition;
  readonly limit?: number | undefined;
  /** Rows to leave out before the first; only with a limit. */
  readonly offset?: number;
}

export const BY_PRIORITY = condition('priority ASC, created_at DESC, id ASC');

/** Beads of both tables in one query, their labels in one more per 500 rows. */
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
interface ListQuery extends Pick<BeadQuery, 'tables' | 'where'> {
  /** ORDER BY and LIMIT of each table by itself: engines stop early on an index, which they cannot do above a UNION. */
  readonly first?: Condition;
}

/** Several selections in the same two queries, each in priority order. */
export async function selectLists(
  scope: LedgerScope,
  queries: readonly ListQuery[],
  order = BY_PRIORITY,
): Promise<readonly (readonly Bead[])[]> {
  const parts = queries.flatMap(({ tables = BEAD_TABLES, where, first }, index) =>
    tables.map((table) => selectFrom(scope, { table, list: index, where: where(table), first })),
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
  readonly list: number;
  readonly where: Condition;
  readonly first: Condition | undefined;
}

/** With `first` the ids are picked before the rows are read: Dolt fetches each long text by itself (measured). */
function selectFrom({ dialect }: LedgerScope, { table, list, where, first }: Part): Condition {
  const columns = `SELECT ${list} AS list, ${beadColumns(table, 'b')} FROM`;
  if (first === undefined) return condition(`${columns} ${table} b WHERE ${where.sql}`, ...where.values);
  const picked = `(SELECT b.id AS pick FROM ${table} b WHERE ${where.sql} ORDER BY ${first.sql}) k`;
  return condition(
    `${columns} ${picked} ${dialect.pinnedJoin} ${table} b ON b.id = k.pick`,
    ...where.values,
    ...first.values,
  );
}

/** Labels per id, sorted; the rows' own table decides where to look. */
async function labelsOf(
  scope: LedgerScope,
  rows: readonly SqlRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const batch of batches(rows)) {
    const parts = BEAD_TABLES.flatMap((table) => {
      const ids = batch.filter((row) => row['bead_table'] === table).map((row) => text(row, 'id'));
      const where = isIn('issue_id', [...new Set(ids)]);
      const sql = `SELECT issue_id, label FROM ${TABLES[table].labels} WHERE ${where.sql}`;
      return ids.length === 0 ? [] : [{ sql, values: where.values }];
    });
    const labels = await scope.sql.query(
      `${unionAll(parts.map((part) => part.sql))} ORDER BY issue_id, label`,
      parts.flatMap((part) => part.values),
    );
    for (const row of labels) {
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
  for (const batch of batches([...new Set(ids)])) {
    beads.push(...(await selectBeads(scope, { where: () => isIn('b.id', batch) })));
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
