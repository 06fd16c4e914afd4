import type { DatabaseIdentity, SqlSession } from '../../ports/store.ts';
import { text } from '../sql/rows.ts';
import { barePrefix } from '../sql/scope.ts';

/** Whose database it is, by its own words; '' where it does not say. */
export async function readIdentity(sql: SqlSession): Promise<DatabaseIdentity> {
  const [prefix] = await sql.query("SELECT value FROM config WHERE `key` = 'issue_prefix'");
  const [project] = await sql.query("SELECT value FROM metadata WHERE `key` = '_project_id'");
  return {
    prefix: prefix === undefined ? '' : barePrefix(text(prefix, 'value')),
    projectId: project === undefined ? '' : text(project, 'value'),
  };
}
