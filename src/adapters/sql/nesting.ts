import { AsyncLocalStorage } from 'node:async_hooks';
import { BugError } from '../../core/errors.ts';

/**
 * Refuses a transaction that is started inside the work of another one of the same database: it would wait for
 * itself in the queue for ever. What merely outlives the work it was started in is fine.
 */
export interface NestingGuard {
  /** Throws BugError `bug.nested-transaction`. */
  check(): void;
  /** `work` made to carry the mark that `check` looks for. */
  mark<A extends readonly unknown[], T>(work: (...args: A) => Promise<T>): (...args: A) => Promise<T>;
}

export function createNestingGuard(database: string): NestingGuard {
  const scope = new AsyncLocalStorage<{ open: boolean }>();
  return {
    check() {
      if (scope.getStore()?.open !== true) return;
      throw new BugError({
        code: 'bug.nested-transaction',
        message: `a transaction on '${database}' was started inside another one`,
      });
    },
    mark:
      (work) =>
      async (...args) => {
        const token = { open: true };
        try {
          return await scope.run(token, () => work(...args));
        } finally {
          token.open = false;
        }
      },
  };
}
