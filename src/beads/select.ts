import type { SqlRow } from '../ports/store.ts';
import { allOf, batches, condition, isIn } from './conditions.ts';
import type { Condition } from './conditions.ts';
import { BEAD_TABLES, TABLES, beadColumns, parseBead, text } from './rows.ts';
import type { BeadTable } from './rows.ts';
import type { LedgerScope } from './scope.ts';
import type { Bead } from './types.ts';
import { unionAll } from './union.ts';

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

/** Beads of both tables in one query, their labels in at most one more per 500 rows and table. */
export async function selectBeads(scope: LedgerScope, query: BeadQuery): Promise<readonly Bead[]> {
  const tables = query.tables ?? BEAD_TABLES;
  if (tables.length === 0) return [];
  const parts = tables.map((table) => {
    const where = query.where(table);
    return {
      sql: `SELECT ${beadColumns(table, 'b')} FROM ${table} b WHERE ${where.sql}`,
      values: where.values,
    };
  });
  const order = query.order ?? BY_PRIORITY;
  const limit = query.limit === undefined ? '' : ' LIMIT ? OFFSET ?';
  const sql = `${unionAll(parts.map((part) => part.sql))} ORDER BY ${order.sql}${limit}`;
  const rows = await scope.sql.query(sql, [
    ...parts.flatMap((part) => part.values),
    ...order.values,
    ...(query.limit === undefined ? [] : [query.limit, query.offset ?? 0]),
  ]);
  const labels = await labelsOf(scope, rows);
  return rows.map((row) => parseBead(row, labels.get(text(row, 'id')) ?? []));
}

/** Labels per id, sorted; the rows' own table decides where to look. */
async function labelsOf(
  scope: LedgerScope,
  rows: readonly SqlRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const table of BEAD_TABLES) {
    const ids = rows.filter((row) => row['bead_table'] === table).map((row) => text(row, 'id'));
    for (const batch of batches(ids)) {
      const where = isIn('issue_id', batch);
      const labels = await scope.sql.query(
        `SELECT issue_id, label FROM ${TABLES[table].labels} WHERE ${where.sql} ORDER BY issue_id, label`,
        where.values,
      );
      for (const row of labels) {
        const labelsOfOne = found.get(text(row, 'issue_id')) ?? [];
        labelsOfOne.push(text(row, 'label'));
        found.set(text(row, 'issue_id'), labelsOfOne);
      }
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
