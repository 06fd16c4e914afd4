/**
 * Several SELECTs with the same columns as one. Always inside a derived table: at the top level Dolt plans the
 * branches of a UNION without indexes and reads whole tables (measured: 12 ms instead of 1 for one row of 2000).
 */
export function unionAll(selects: readonly string[]): string {
  return `SELECT * FROM (${selects.join(' UNION ALL ')}) u`;
}
