import type { SqlRow, SqlSession } from '../../ports/store.ts';

/**
 * The session of one transaction, in which nothing changes but by its own writes: what was read is not asked again
 * until then. An INSERT is seen by those who name its table; after any other statement (cascades, renamed keys)
 * everything is read anew.
 */
export function remembering(sql: SqlSession): SqlSession {
  const known = new Map<string, Promise<readonly SqlRow[]>>();
  return {
    query(text, values = []) {
      const key = JSON.stringify([text, values]);
      const rows = known.get(key) ?? sql.query(text, values);
      known.set(key, rows);
      return rows;
    },
    run(text, values) {
      const inserted = /^\s*INSERT INTO\s+`?(\w+)/.exec(text)?.[1];
      for (const key of known.keys()) if (inserted === undefined || key.includes(inserted)) known.delete(key);
      return sql.run(text, values);
    },
  };
}
