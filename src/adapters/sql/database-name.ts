import { UsageError } from '../../core/errors.ts';

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/** A name that is safe as file name and as SQL identifier. Throws UsageError `store.bad-name`. */
export function checkDatabaseName(name: string): void {
  if (NAME.test(name)) return;
  throw new UsageError({
    code: 'store.bad-name',
    message: `'${name.slice(0, 70)}' cannot name a database`,
    hint: 'Use letters, digits, _ and -, at most 64',
  });
}
