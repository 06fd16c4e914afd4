import type { Database, SqlSession } from '../ports/store.ts';
import { recomputeAll } from './blocked/recompute.ts';
import { createReads } from './read/reads.ts';
import { remembering } from './sql/remembering.ts';
import type { LedgerScope } from './sql/scope.ts';
import { checkShort } from './words/texts.ts';
import { createTransaction } from './write/transaction.ts';
import type { Ledger, LedgerTx } from './types.ts';
import { unionAll } from './sql/union.ts';

/** One database as a ledger; `scope.sql` is the database itself. */
export function createLedger(database: Database, scope: LedgerScope): Ledger {
  return {
    ...createReads(scope),
    transaction: async (actor, work) =>
      runTransaction(database, scope, { actor: checkShort('actor', actor), work }),
    recomputeBlocked: () => database.transaction((sql) => recomputeAll({ ...scope, sql })),
  };
}

interface Request<T> {
  readonly actor: string;
  readonly work: (tx: LedgerTx) => Promise<T>;
}

/** Boxed, because the result may be undefined, which to the store would mean "not landed". */
interface Done<T> {
  readonly value: T;
}

/**
 * When the answer to COMMIT was lost, the ids of the event rows tell: they are new with each try, so finding the
 * first of the last try means that this try has landed.
 */
async function runTransaction<T>(
  database: Database,
  scope: LedgerScope,
  { actor, work }: Request<T>,
): Promise<T> {
  let last: { readonly ids: readonly string[]; readonly done: Done<T> } | undefined;
  const attempt = async (sql: SqlSession): Promise<Done<T>> => {
    const ids: string[] = [];
    const uuid7 = (): string => {
      const id = scope.uuid7();
      ids.push(id);
      return id;
    };
    const done = { value: await work(createTransaction({ ...scope, sql: remembering(sql), actor, uuid7 })) };
    last = { ids, done };
    return done;
  };
  const landed = async (sql: SqlSession): Promise<Done<T> | undefined> =>
    last !== undefined && (await hasAnyEvent(sql, last.ids)) ? last.done : undefined;
  return (await database.transaction(attempt, { landed })).value;
}

async function hasAnyEvent(sql: SqlSession, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    const tables = ['events', 'wisp_events'].map((table) => `SELECT id FROM ${table} WHERE id = ?`);
    const rows = await sql.query(unionAll(tables), [id, id]);
    if (rows.length > 0) return true;
  }
  return false;
}
