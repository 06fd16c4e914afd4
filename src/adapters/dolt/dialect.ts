import type { Dialect } from '../../ports/store.ts';
import { checkJsonPath } from '../sql/json-path.ts';

export const doltDialect: Dialect = {
  kind: 'dolt',
  jsonText(column, path) {
    checkJsonPath(column, path);
    const value = `JSON_EXTRACT(${column}, '${path}')`;
    // JSON null would come out as the text 'null'.
    return `(CASE JSON_TYPE(${value}) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(${value}) END)`;
  },
  unixSeconds: (column) => `TIMESTAMPDIFF(SECOND, '1970-01-01', ${column})`,
  insertIgnore: 'INSERT IGNORE',
  upsert(keys, columns) {
    // MySQL finds the conflicting key by itself; without columns the row is "set" to what it is.
    const changed = columns.length === 0 ? keys.slice(0, 1) : columns;
    return `ON DUPLICATE KEY UPDATE ${changed.map((name) => `\`${name}\` = VALUES(\`${name}\`)`).join(', ')}`;
  },
  pinnedJoin: 'STRAIGHT_JOIN',
  keyTable: "JSON_TABLE(?, '$[*]' COLUMNS (value VARCHAR(1024) PATH '$'))",
};
