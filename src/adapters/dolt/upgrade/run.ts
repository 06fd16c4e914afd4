import { RefusedError } from '../../../core/errors.ts';
import type { Dialect, SqlSession } from '../../../ports/store.ts';
import {
  COUNTED_UPGRADABLE,
  OLDEST_UPGRADABLE,
  SCHEMA_VERSION,
  UNVERSIONED_SCHEMA_VERSION,
  notALedger,
  schemaTooOld,
} from '../../sql-schema/versions.ts';
import { doltDialect } from '../dialect.ts';
import { releaseLock, takeLock } from '../graph-lock.ts';
import type { PinnedConnection } from '../pool.ts';
import { commitStaged } from '../version-commit.ts';
import { readFoundSchema, type FoundSchema } from './facts.ts';
import { planSteps, versionStep, type UpgradeStep } from './plan.ts';

export interface UpgradeRequest {
  readonly database: string;
  readonly author: string;
  readonly finish: (sql: SqlSession, dialect: Dialect) => Promise<void>;
}

/** Changing a big table takes as long as it takes. */
const NO_LIMIT_MS = 24 * 3_600_000;
/** Row of `local_metadata` while an upgrade is under way: uncommitted changes are then its own. */
const MARK = 'gt_upgrade';
/** What `finish` may write. */
const FINISHED_TABLES = ['issues', 'custom_types', 'custom_statuses'];

/** Texts of the steps; empty = the schema is ours. Throws RefusedError `store.schema-too-old`. */
export async function planUpgrade(
  connection: PinnedConnection,
  database: string,
): Promise<readonly string[]> {
  const found = await readFoundSchema(connection, database);
  refuseTooOld(database, found);
  if (isOurs(found)) return [];
  return [...planSteps(found), versionStep(found)].map(({ text }) => text);
}

/**
 * Under the lock that bd takes for the same work, on one connection. Killed anywhere, the next run looks at what is
 * there and does the rest; the version is written last.
 */
export async function upgradeDatabase(
  connection: PinnedConnection,
  request: UpgradeRequest,
): Promise<readonly string[]> {
  const { database } = request;
  const lock = `bd_schema_init:${database}`;
  await takeLock(connection, lock);
  try {
    const found = await readFoundSchema(connection, database);
    refuseTooOld(database, found);
    if (isOurs(found)) return [];
    const steps = planSteps(found);
    const version = versionStep(found);
    const tables = new Set([...steps, version].flatMap((step) => step.tables).concat(FINISHED_TABLES));
    await refuseDirty(connection, database, tables);
    for (const step of steps) await runStep(connection, step);
    await finish(connection, request);
    await commit(connection, { version, tables: [...tables], author: request.author });
    return [...steps, version].map(({ text }) => text);
  } finally {
    await releaseLock(connection, lock);
    // Its session saw the old tables.
    connection.discard();
  }
}

function isOurs({ schema, unversioned }: FoundSchema): boolean {
  return schema === SCHEMA_VERSION && unversioned === UNVERSIONED_SCHEMA_VERSION;
}

function refuseTooOld(database: string, found: FoundSchema): void {
  if (!found.tables.has('issues') || !found.tables.has('dependencies')) throw notALedger(database);
  if (found.schema === null && found.counted === COUNTED_UPGRADABLE) return;
  if ((found.schema ?? 0) < OLDEST_UPGRADABLE) throw schemaTooOld(database, found);
  if ((found.schema ?? 0) <= SCHEMA_VERSION) return;
  throw new RefusedError({
    code: 'store.schema-newer',
    message: `schema skew: database '${database}' has version ${found.schema}, newer than this gt knows (${SCHEMA_VERSION})`,
    hint: 'Update gt',
  });
}

/** Somebody's uncommitted work must not get into our commit; what our own killed run left may. */
async function refuseDirty(
  connection: PinnedConnection,
  database: string,
  tables: ReadonlySet<string>,
): Promise<void> {
  await connection.run(
    "CREATE TABLE IF NOT EXISTS local_metadata (`key` varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL DEFAULT '')",
  );
  const marks = await connection.query('SELECT value FROM local_metadata WHERE `key` = ?', [MARK]);
  if (marks.length > 0) return;
  const rows = await connection.query('SELECT table_name AS name FROM dolt_status');
  const dirty = rows.map((row) => String(row['name'])).filter((name) => tables.has(name));
  if (dirty.length > 0) {
    throw new RefusedError({
      code: 'store.uncommitted',
      message: `database '${database}' has uncommitted changes in ${dirty.join(', ')}, which the upgrade would touch`,
      hint: 'Commit them with the bd that made them (bd dolt commit), then run this again',
    });
  }
  await connection.run('REPLACE INTO local_metadata (`key`, value) VALUES (?, ?)', [
    MARK,
    String(SCHEMA_VERSION),
  ]);
}

async function runStep(connection: PinnedConnection, step: UpgradeStep): Promise<void> {
  if (step.atomic === true) await connection.run('START TRANSACTION');
  for (const statement of step.statements) await connection.query(statement, [], NO_LIMIT_MS);
  if (step.atomic === true) await connection.run('COMMIT');
}

async function finish(connection: PinnedConnection, request: UpgradeRequest): Promise<void> {
  await connection.run('START TRANSACTION');
  await request.finish(
    {
      query: (sql, values) => connection.query(sql, values, NO_LIMIT_MS),
      run: (sql, values) => connection.run(sql, values),
    },
    doltDialect,
  );
  await connection.run('COMMIT');
}

/** The version rows and the version commit land together: DOLT_COMMIT ends the transaction. */
async function commit(
  connection: PinnedConnection,
  last: { readonly version: UpgradeStep; readonly tables: readonly string[]; readonly author: string },
): Promise<void> {
  await connection.run('START TRANSACTION');
  for (const statement of last.version.statements) await connection.run(statement);
  for (const table of last.tables) await connection.query('CALL DOLT_ADD(?)', [table], NO_LIMIT_MS);
  const { author } = last;
  // A clone lacks only what no version has.
  if (!(await commitStaged(connection, { message: 'schema: apply migrations', author }))) {
    await connection.run('COMMIT');
  }
  await connection.run('DELETE FROM local_metadata WHERE `key` = ?', [MARK]);
}
