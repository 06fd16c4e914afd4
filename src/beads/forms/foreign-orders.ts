import type { SqlSession } from '../../ports/store.ts';
import { canonicalJson } from '../content/values.ts';
import { parseMetadata, text } from '../sql/rows.ts';
import { ORDER_KEYS } from './sling-terms.ts';

/** The commands in a ledger: bead → those keys of its metadata that make this machine run a program. */
export type Orders = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export async function readOrders(sql: SqlSession): Promise<Orders> {
  const given = ORDER_KEYS.map((key) => `JSON_EXTRACT(metadata, '$.${key}') IS NOT NULL`).join(' OR ');
  const rows = await sql.query(`SELECT id, metadata FROM issues WHERE ${given}`);
  const orders = rows.map(
    (row) => [text(row, 'id'), ordersIn(parseMetadata(row['metadata'] ?? null))] as const,
  );
  return new Map(orders.filter(([, own]) => Object.keys(own).length > 0));
}

/**
 * Puts every command back to what it was in `known`, where it came from elsewhere takes it out: only people and crew of
 * this town may set one, and what a remote says of who did is its own word (spec 11 J). @returns the beads, sorted
 */
export async function dropForeignOrders(sql: SqlSession, known: Orders): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const [id, found] of await readOrders(sql)) {
    const own = known.get(id) ?? {};
    if (Object.entries(found).every(([key, value]) => canonicalJson(value) === canonicalJson(own[key])))
      continue;
    const [row] = await sql.query('SELECT metadata FROM issues WHERE id = ?', [id]);
    const rest = Object.entries(parseMetadata(row?.['metadata'] ?? null)).filter(
      ([key]) => !ORDER_KEYS.includes(key),
    );
    const metadata = JSON.stringify({ ...Object.fromEntries(rest), ...own });
    await sql.run('UPDATE issues SET metadata = ? WHERE id = ?', [metadata, id]);
    foreign.push(id);
  }
  return foreign.toSorted();
}

function ordersIn(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => ORDER_KEYS.includes(key)));
}
