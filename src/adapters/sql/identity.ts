import { RefusedError } from '../../core/errors.ts';

/** Looks up the project id that the files beside the store name for a database; undefined = they name none. */
export type ProjectIdOf = (database: string) => Promise<string | undefined>;

/** Throws RefusedError `store.wrong-identity` when a database is not the one that the files mean. */
export function checkIdentity(
  database: string,
  expected: string | undefined,
  found: string | undefined,
): void {
  if (expected === undefined || expected === found) return;
  throw new RefusedError({
    code: 'store.wrong-identity',
    message: `database '${database}' belongs to project ${found ?? '(none)'}, expected ${expected}`,
    hint: 'Compare project_id in .beads/metadata.json with _project_id in the table metadata; one of them was copied',
  });
}
