import { randomBytes } from 'node:crypto';
import { RefusedError, messageOf } from '../../core/errors.ts';
import type { Database, DatabaseIdentity, Store, StoreHealth } from '../../ports/store.ts';
import { checkDatabaseName } from '../sql/database-name.ts';
import type { ProjectIdOf } from '../sql/identity.ts';
import { OPEN_CHECK_SQL, checkOpened } from '../sql/open-check.ts';
import { notALedger, schemaOlder, unfinished } from '../sql-schema/versions.ts';
import { bootstrapDatabase, isUnfinished } from './bootstrap.ts';
import { createDoltDatabase } from './database.ts';
import { isMissingTable, noDatabase, translateError } from './errors.ts';
import { readDatabases } from './facts.ts';
import { createDoltLink, type DoltLink, type DoltLinkOptions } from './link.ts';
import { commitVersion } from './version-commit.ts';

export interface DoltStoreOptions extends DoltLinkOptions {
  /** What the files beside the store say about a database's identity; absent = not checked at open. */
  readonly projectIdOf?: ProjectIdOf;
  /** Open newer schemas at the user's own risk. */
  readonly ignoreSchemaSkew?: boolean;
  /** `name <email>` of version commits. Default `beads <beads@local>`. */
  readonly author?: string;
  /** Refuses the port of real towns. */
  readonly isTest?: boolean;
}

const REAL_PORT = 3307;
const DEFAULT_AUTHOR = 'beads <beads@local>';
/** Names that tests of bd use; on a real server they are litter, or somebody's mistake. */
const TEST_NAMES = /^(?:testdb_|beads_test|beads_pt|beads_vr|doctest_|doctortest_)/;

/**
 * The town's ledger on a Dolt SQL server. Connects with the first call.
 * Throws RefusedError `store.test-port` for port 3307 in tests.
 */
export function createDoltStore(options: DoltStoreOptions): Store {
  if (options.isTest === true && options.port === REAL_PORT) throw testPort();
  const link = createDoltLink(options);
  const author = options.author ?? DEFAULT_AUTHOR;
  const open = new Map<string, Database>();

  async function openNamed(name: string): Promise<Database> {
    checkDatabaseName(name);
    const known = open.get(name);
    if (known !== undefined) return known;
    const database = createDoltDatabase(link, name);
    const prefix = await verify(link, database, options);
    const winner = open.get(name) ?? { ...database, prefix };
    open.set(name, winner);
    return winner;
  }

  return {
    kind: 'dolt',
    list: () => translating(link, '', () => link.retry(undefined, readDatabases)),
    open: openNamed,
    async create(name, identity) {
      checkNewName(name, options.port);
      await translating(link, name, () =>
        bootstrap(link, { name, identity, author, now: options.clock.now() }),
      );
      return openNamed(name);
    },
    health: () => readHealth(link),
    commitVersion: (name, message, how) =>
      translating(link, name, () =>
        link.retry(name, (connection) =>
          commitVersion(connection, { message, author, withSettings: how?.withSettings === true }),
        ),
      ),
    async admin() {
      const { createDoltAdmin } = await import('./admin.ts');
      return createDoltAdmin(link, { author, projectIdOf: options.projectIdOf });
    },
    async versions() {
      const { createDoltVersions } = await import('./versions.ts');
      return createDoltVersions(link);
    },
    async close() {
      open.clear();
      await link.close();
    },
  };
}

type Unopened = ReturnType<typeof createDoltDatabase>;

/** @returns its prefix */
async function verify(link: DoltLink, database: Unopened, options: DoltStoreOptions): Promise<string> {
  const { name } = database;
  const projectId = await options.projectIdOf?.(name);
  const isThere = await translating(link, name, () => link.hasDatabase(name));
  if (!isThere) throw noDatabase(name, link.label);
  try {
    const [row] = await database.query(OPEN_CHECK_SQL);
    return checkOpened(name, row, { projectId, ignoreSkew: options.ignoreSchemaSkew === true });
  } catch (error) {
    throw isMissingTable(error) ? await incomplete(link, database) : error;
  }
}

/** Without its version tables it is an older bd's (which had others), one whose making was cut off, or no ledger. */
async function incomplete(link: DoltLink, database: Unopened): Promise<Error> {
  const rows = await database.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_name IN ('issues', 'dependencies', 'schema_migrations', 'ignored_schema_migrations')",
    [database.name],
  );
  const names = new Set(rows.map((row) => row['name']));
  const isOld = names.has('schema_migrations') || !names.has('ignored_schema_migrations');
  if (!isOld || !names.has('issues') || !names.has('dependencies')) {
    return (await link.retry(database.name, isUnfinished))
      ? unfinished(database.name)
      : notALedger(database.name);
  }
  const [row] = names.has('schema_migrations')
    ? await database.query('SELECT MAX(version) AS version FROM schema_migrations')
    : [];
  const version = row?.['version'];
  const [counted] = await database.query("SELECT value FROM config WHERE `key` = 'schema_version'");
  return schemaOlder(database.name, {
    schema: typeof version === 'number' ? version : null,
    unversioned: null,
    counted: Number(counted?.['value']),
  });
}

function bootstrap(
  link: DoltLink,
  request: {
    readonly name: string;
    readonly identity: DatabaseIdentity;
    readonly author: string;
    readonly now: number;
  },
): Promise<void> {
  const { name, identity, author } = request;
  const facts = { identity, random: randomBytes(24), now: new Date(request.now).toISOString() };
  return link.retry(undefined, (connection) =>
    bootstrapDatabase(connection, { database: name, facts, author }),
  );
}

async function readHealth(link: DoltLink): Promise<StoreHealth> {
  const base = { kind: 'dolt', location: link.label } as const;
  try {
    return { ...base, ok: true, databases: await link.withConnection(undefined, readDatabases) };
  } catch (error) {
    return { ...base, ok: false, error: messageOf(error), databases: [] };
  }
}

async function translating<T>(link: DoltLink, database: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error, link.label, database);
  }
}

function checkNewName(name: string, port: number): void {
  checkDatabaseName(name);
  if (port !== REAL_PORT || !TEST_NAMES.test(name)) return;
  throw new RefusedError({
    code: 'store.test-name',
    message: `'${name}' is the name of a test database, and port ${REAL_PORT} serves real towns`,
    hint: 'Choose another name, or a server on another port',
  });
}

function testPort(): RefusedError {
  return new RefusedError({
    code: 'store.test-port',
    message: `a test must not use port ${REAL_PORT}: real towns live there`,
    hint: 'Set GT_DOLT_PORT to a free port',
  });
}
