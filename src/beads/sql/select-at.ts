import type { Dialect } from '../../ports/store.ts';
import type { Condition } from './conditions.ts';

/** Keys of one statement. */
export const MOST_KEYS = 2000;

interface Speaker {
  readonly dialect: Dialect;
}

/**
 * What follows FROM for the rows of a table (`name alias`) whose column is one of the keys, found by the column's index.
 * The keys travel as one JSON text: Dolt plans `IN (?, ?, …)` in quadratic time (500 keys take 40 ms, this way 4).
 */
export function keyed(
  { dialect }: Speaker,
  table: string,
  column: string,
  keys: Iterable<string>,
): Condition {
  return {
    sql: `${dialect.keyTable} keyed ${dialect.pinnedJoin} ${table} ON ${column} = keyed.value`,
    values: [JSON.stringify([...new Set(keys)])],
  };
}

/** A SELECT over the rows of `table`, called `t`, whose `column` is one of the keys. */
export function selectAt(
  speaker: Speaker,
  columns: string,
  [table, column]: readonly [table: string, column: string],
  keys: Iterable<string>,
): Condition {
  const from = keyed(speaker, `${table} t`, `t.${column}`, keys);
  return { sql: `SELECT ${columns} FROM ${from.sql}`, values: from.values };
}
