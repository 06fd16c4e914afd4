import { isIP } from 'node:net';
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket, SslOptions } from 'mysql2/promise';
import type { SqlRow, SqlValue } from '../../ports/store.ts';
import { failureKind } from './failures.ts';
import { withTimeLimit } from './time-limit.ts';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Encrypted and proven by certificate; absent = in the clear. */
  readonly tls?: DoltTls | undefined;
}

export interface DoltTls {
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string | undefined;
}

export interface PoolOptions extends ServerAddress {
  /** Asked before the first connection instead, when the address may still change until then. */
  readonly findServer?: () => Promise<ServerAddress>;
  /** Looks at every new connection and sets its session up before its first use, and throws to refuse it. */
  readonly admit?: (connection: PinnedConnection) => Promise<void>;
  /** Default 5 s. */
  readonly connectTimeoutMs?: number;
}

/** One connection held by one piece of work: session state (lock, transaction) stays on it. */
export interface PinnedConnection {
  query(sql: string, values?: readonly SqlValue[], timeoutMs?: number): Promise<readonly SqlRow[]>;
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /** The connection ends with this work: its session is in no state for another. */
  discard(): void;
}

export interface DoltPool {
  /** `host:port` for messages. */
  readonly label: string;
  /**
   * Runs `work` on a connection whose current database is `database` (undefined = any). The connection returns to
   * the pool unless it broke; a broken one is destroyed, which frees its locks on the server.
   */
  withConnection<T>(
    this: void,
    database: string | undefined,
    work: (connection: PinnedConnection) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 10;
const MAX_IDLE = 5;
const IDLE_MS = 3_600_000;

/** Connects lazily; mysql2 itself is loaded with the first connection, for it costs 40 ms. */
export function createDoltPool(options: PoolOptions): DoltPool {
  let pool: Promise<Pool> | undefined;
  let server: ServerAddress = options;
  const connectPool = async (): Promise<Pool> => {
    try {
      server = (await options.findServer?.()) ?? options;
      return await createPool(server, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
    } catch (error) {
      pool = undefined;
      throw error;
    }
  };
  const current = new WeakMap<object, string>();
  return {
    get label() {
      return `${server.host}:${server.port}`;
    },
    async withConnection(database, work) {
      pool ??= connectPool();
      const connection = await (await pool).getConnection();
      const pinned = pin(connection);
      try {
        await prepareSession(connection, pinned, { database, current, admit: options.admit });
        return await work(pinned);
      } finally {
        if (pinned.isBroken()) connection.destroy();
        else connection.release();
      }
    },
    async close() {
      const closing = pool;
      pool = undefined;
      await (await closing)?.end();
    },
  };
}

async function createPool(server: ServerAddress, connectTimeout: number): Promise<Pool> {
  const mysql = await import('mysql2/promise');
  return mysql.createPool({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    ...(server.tls === undefined ? {} : { ssl: sslOf(server.tls, server.host) }),
    connectTimeout,
    connectionLimit: MAX_CONNECTIONS,
    maxIdle: MAX_IDLE,
    idleTimeout: IDLE_MS,
    // A reset would cost a round trip and forget the session setup.
    resetOnRelease: false,
    timezone: 'Z',
    dateStrings: true,
    jsonStrings: true,
    decimalNumbers: true,
    supportBigNumbers: true,
  });
}

/** The driver checks names only: for a bare IP address the authority alone vouches. */
function sslOf({ ca }: DoltTls, host: string): SslOptions {
  return { ...(ca === undefined ? {} : { ca }), verifyIdentity: isIP(host) === 0, minVersion: 'TLSv1.2' };
}

async function prepareSession(
  connection: PoolConnection,
  pinned: PinnedConnection,
  session: {
    readonly database: string | undefined;
    /** Connections that are set up, with their current database ('' = none). */
    readonly current: WeakMap<object, string>;
    readonly admit: PoolOptions['admit'];
  },
): Promise<void> {
  const { database, current, admit } = session;
  const known = current.get(connection.connection);
  if (known === undefined) {
    await admitOrDiscard(pinned, admit);
  }
  if (database !== undefined && known !== database) await pinned.run(`USE \`${database}\``);
  current.set(connection.connection, database ?? known ?? '');
}

async function admitOrDiscard(pinned: PinnedConnection, admit: PoolOptions['admit']): Promise<void> {
  try {
    await admit?.(pinned);
  } catch (error) {
    pinned.discard();
    throw error;
  }
}

function pin(connection: PoolConnection): PinnedConnection & { isBroken(): boolean } {
  let broken = false;
  async function send<R extends RowDataPacket[] | ResultSetHeader>(
    sql: string,
    values: readonly SqlValue[],
    timeoutMs: number,
  ): Promise<R> {
    try {
      const [result] = await withTimeLimit(timeoutMs, connection.query<R>(sql, [...values]));
      return result;
    } catch (error) {
      // After a time-out the late answer would be taken for that of the next statement.
      broken ||= failureKind(error) === 'connection';
      throw error;
    }
  }
  return {
    query: (sql, values = [], timeoutMs = STATEMENT_TIMEOUT_MS) =>
      send<RowDataPacket[]>(sql, values, timeoutMs),
    run: async (sql, values = []) =>
      (await send<ResultSetHeader>(sql, values, STATEMENT_TIMEOUT_MS)).affectedRows,
    discard() {
      broken = true;
    },
    isBroken: () => broken,
  };
}
