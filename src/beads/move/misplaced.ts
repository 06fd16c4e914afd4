import type { SqlRow, SqlSession, Store } from '../../ports/store.ts';
import { insertRows } from '../sql/insert-rows.ts';
import { routeOf, type PrefixRoute } from '../sql/scope.ts';

/** Rows that lie in another database than the one their prefix leads to. */
export interface Misplaced {
  readonly from: string;
  readonly to: string;
  readonly ids: readonly string[];
}

type Half = '' | 'wisp_';
const HALVES: readonly Half[] = ['', 'wisp_'];
const OWNED = [
  ['labels', 'issue_id'],
  ['dependencies', 'issue_id'],
  ['comments', 'issue_id'],
  ['events', 'issue_id'],
  ['child_counters', 'parent_id'],
] as const;

/** Agents and rigs of a rig that the Go gt wrote into `hq` (P5). Works on any schema. */
export async function findMisplaced(
  sql: SqlSession,
  from: string,
  routes: readonly PrefixRoute[],
): Promise<readonly Misplaced[]> {
  const found = new Map<string, string[]>();
  for (const half of HALVES) {
    const rows = await sql.query(
      `SELECT DISTINCT issue_id AS id FROM ${half}labels WHERE label IN ('gt:agent', 'gt:rig') ORDER BY issue_id`,
    );
    for (const row of rows) {
      const id = String(row['id']);
      const to = routeOf(routes, id)?.database;
      if (to !== undefined && to !== from) found.set(to, [...(found.get(to) ?? []), id]);
    }
  }
  return [...found].map(([to, ids]) => ({ from, to, ids }));
}

/**
 * Brings them home: written there first, then removed here, since one transaction cannot span two databases. Killed in
 * between, the next run finds them in both and removes the copy. Where their own database holds another row of that
 * id, both stay.
 */
export async function moveMisplaced(store: Store, { from, to, ids }: Misplaced): Promise<void> {
  const [source, target] = [await store.open(from), await store.open(to)];
  for (const id of ids) {
    for (const half of HALVES) {
      const row = await readRow(source, half, id);
      if (row === undefined) continue;
      const parts = await readParts(source, half, id);
      const bead = {
        half,
        row,
        parts: parts.map(([table, rows]) => [table, rows.map(pointingOut(source.prefix))] as const),
      };
      if (!(await target.transaction((sql) => insertBead(sql, bead)))) continue;
      await source.transaction((sql) => removeBead(sql, half, { id, prefix: target.prefix }));
    }
  }
}

interface BeadRows {
  readonly half: Half;
  readonly row: SqlRow;
  readonly parts: readonly (readonly [string, readonly SqlRow[]])[];
}

async function readRow(sql: SqlSession, half: Half, id: string): Promise<SqlRow | undefined> {
  return (await sql.query(`SELECT * FROM ${beadTable(half)} WHERE id = ?`, [id]))[0];
}

async function readParts(sql: SqlSession, half: Half, id: string): Promise<BeadRows['parts']> {
  const parts: [string, readonly SqlRow[]][] = [];
  for (const [table, owner] of OWNED) {
    const rows = await sql.query(`SELECT * FROM ${half}${table} WHERE ${owner} = ?`, [id]);
    parts.push([`${half}${table}`, rows]);
  }
  return parts;
}

/** What the edge points at stays behind. */
const pointingOut =
  (prefix: string) =>
  (row: SqlRow): SqlRow => {
    const local = row['depends_on_issue_id'] ?? row['depends_on_wisp_id'] ?? null;
    if (local === null) return row;
    const outside = `external:${prefix}:${local}`;
    return { ...row, depends_on_issue_id: null, depends_on_wisp_id: null, depends_on_external: outside };
  };

/** True when it is there now, as it was in the other database. */
async function insertBead(sql: SqlSession, { half, row, parts }: BeadRows): Promise<boolean> {
  const id = String(row['id']);
  for (const other of HALVES) {
    const there = await readRow(sql, other, id);
    if (there !== undefined) return JSON.stringify(there) === JSON.stringify(row);
  }
  await insertRows(sql, beadTable(half), [quotedColumns(row)]);
  for (const [table, rows] of parts) {
    if (rows.length > 0) await insertRows(sql, table, rows.map(quotedColumns));
  }
  return true;
}

function quotedColumns(row: SqlRow): SqlRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`\`${name}\``, value]));
}

/** Edges that arrive at it go on naming it, as one of another database. */
async function removeBead(
  sql: SqlSession,
  half: Half,
  { id, prefix }: { readonly id: string; readonly prefix: string },
): Promise<void> {
  const column = half === '' ? 'depends_on_issue_id' : 'depends_on_wisp_id';
  for (const table of ['dependencies', 'wisp_dependencies']) {
    await sql.run(`UPDATE ${table} SET depends_on_external = ?, ${column} = NULL WHERE ${column} = ?`, [
      `external:${prefix}:${id}`,
      id,
    ]);
  }
  for (const [table, owner] of OWNED) await sql.run(`DELETE FROM ${half}${table} WHERE ${owner} = ?`, [id]);
  await sql.run(`DELETE FROM ${beadTable(half)} WHERE id = ?`, [id]);
}

function beadTable(half: Half): string {
  return half === '' ? 'issues' : 'wisps';
}
