import type { Dialect } from '../../ports/store.ts';
import { checkJsonPath } from '../sql/json-path.ts';

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  jsonText(column, path) {
    checkJsonPath(column, path);
    const value = `json_extract(${column}, '${path}')`;
    // SQLite gives 1 and 0 for JSON true and false; text of both engines must agree.
    return `(CASE json_type(${column}, '${path}') WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(${value} AS TEXT) END)`;
  },
  unixSeconds: (column) => `unixepoch(${column})`,
  pinnedJoin: 'CROSS JOIN',
  // Only its values: json_each has an id and a type too.
  keyTable: '(SELECT value FROM json_each(?))',
};
