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
  pinnedJoin: 'STRAIGHT_JOIN',
  keyTable: "JSON_TABLE(?, '$[*]' COLUMNS (value VARCHAR(1024) PATH '$'))",
};
