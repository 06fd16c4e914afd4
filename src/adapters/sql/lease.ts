import { BugError } from '../../core/errors.ts';
import type { SqlSession } from '../../ports/store.ts';

/** A session that stops working when its transaction is over, so that a forgotten `await` cannot write later. */
export interface SessionLease {
  readonly session: SqlSession;
  end(): void;
}

export function leaseSession(inner: SqlSession): SessionLease {
  let over = false;
  const use = () => {
    if (!over) return inner;
    throw new BugError({
      code: 'bug.transaction-over',
      message: 'a statement came after its transaction ended',
    });
  };
  return {
    session: {
      query: async (sql, values) => use().query(sql, values),
      run: async (sql, values) => use().run(sql, values),
    },
    end() {
      over = true;
    },
  };
}
