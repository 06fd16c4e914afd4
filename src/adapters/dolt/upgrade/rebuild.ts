import { mysqlConstraints, mysqlStatement } from '../../sql-schema/mysql-ddl.ts';
import type { Column, Table } from '../../sql-schema/table.ts';
import type { FoundTable } from './facts.ts';

/**
 * A table in its new form under another name, filled from the old one, then in its place; the constraints come last,
 * because their names are unique in the database. When a crash left only the new one, the rest is done.
 */
export function rebuildStatements(
  table: Table,
  found: { readonly there: FoundTable | undefined; readonly half: FoundTable | undefined },
): readonly string[] {
  const draft = `gt_new_${table.name}`;
  const { foreignKeys: _keys, oneTarget: _check, ...plain } = table;
  const fill =
    found.there === undefined
      ? []
      : [
          `DROP TABLE IF EXISTS \`${draft}\``,
          mysqlStatement({ ...plain, name: draft }),
          fillStatement(table, draft, found.there),
          `DROP TABLE \`${table.name}\``,
        ];
  return [
    ...fill,
    `RENAME TABLE \`${draft}\` TO \`${table.name}\``,
    ...mysqlConstraints(table).map((constraint) => `ALTER TABLE \`${table.name}\` ADD ${constraint}`),
  ];
}

function fillStatement(table: Table, draft: string, there: FoundTable): string {
  const old = new Map(there.columns.map((column) => [column.name, column]));
  const filled = table.columns.flatMap((column) => {
    const value = valueOf(column, old);
    return value === undefined ? [] : [{ name: `\`${column.name}\``, value }];
  });
  const [owner] = table.foreignKeys ?? [];
  // A row whose bead is gone would have gone with it, had there been a foreign key.
  const orphans =
    owner === undefined ? '' : ` WHERE EXISTS (SELECT 1 FROM ${owner.to} o WHERE o.id = d.${owner.column})`;
  return `INSERT INTO \`${draft}\` (${filled.map(({ name }) => name).join(', ')}) SELECT ${filled
    .map(({ value }) => value)
    .join(', ')} FROM \`${table.name}\` d${orphans}`;
}

/** undefined = the column's default. Numbers that counted rows become UUIDs. */
function valueOf(column: Column, old: ReadonlyMap<string, { readonly type: string }>): string | undefined {
  const found = old.get(column.name);
  if (found !== undefined) {
    return column.type.kind === 'uuid' && found.type.startsWith('bigint') ? 'UUID()' : `d.\`${column.name}\``;
  }
  return old.has('depends_on_id') ? TARGETS[column.name] : undefined;
}

const IS_EXTERNAL = "d.depends_on_id LIKE 'external:%'";
const IS_WISP = 'EXISTS (SELECT 1 FROM wisps t WHERE t.id = d.depends_on_id)';
const IS_ISSUE = 'EXISTS (SELECT 1 FROM issues t WHERE t.id = d.depends_on_id)';

/** An edge's one target in the column of its kind; what is nowhere in this database is external. */
const TARGETS: Readonly<Record<string, string>> = {
  depends_on_issue_id: `CASE WHEN ${IS_EXTERNAL} OR ${IS_WISP} OR NOT ${IS_ISSUE} THEN NULL ELSE d.depends_on_id END`,
  depends_on_wisp_id: `CASE WHEN ${IS_EXTERNAL} OR NOT ${IS_WISP} THEN NULL ELSE d.depends_on_id END`,
  depends_on_external: `CASE WHEN ${IS_EXTERNAL} OR NOT (${IS_WISP} OR ${IS_ISSUE}) THEN d.depends_on_id ELSE NULL END`,
};
