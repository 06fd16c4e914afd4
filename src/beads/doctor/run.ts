import { messageOf } from '../../core/errors.ts';
import type { Database } from '../../ports/store.ts';
import type { WriteScope, LedgerScope } from '../sql/scope.ts';

/** One thing that can be wrong with a ledger. `verify` is `detect` once more: nothing found = repaired. */
export interface LedgerCheck {
  readonly name: string;
  /** What holds when it is right. */
  readonly title: string;
  readonly severity: 'error' | 'warning';
  /** One line for each thing that is wrong; none = right. */
  readonly detect: (scope: LedgerScope) => Promise<readonly string[]>;
  /** What `fix` does, in words. */
  readonly remedy: string;
  /** Repairs what `detect` finds, in one transaction. */
  readonly fix: (scope: WriteScope) => Promise<void>;
}

/** What became of one check. */
export interface CheckReport {
  readonly name: string;
  readonly title: string;
  /** `fixed` = was wrong, is right now. */
  readonly outcome: 'ok' | 'warning' | 'error' | 'fixed';
  /** One line for each thing that is (or was) wrong. */
  readonly found: readonly string[];
  readonly remedy: string;
  /** Only people can do it. */
  readonly byHand?: true;
}

export interface DoctorRequest {
  readonly database: Database;
  /** Its `sql` is the database itself. */
  readonly scope: WriteScope;
  readonly fix: boolean;
}

/** Looks at everything; with `fix` repairs what is wrong, each thing in its own transaction, and looks again. */
export async function runChecks(
  checks: readonly LedgerCheck[],
  request: DoctorRequest,
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const check of checks) reports.push(await runCheck(check, request));
  return reports;
}

async function runCheck(check: LedgerCheck, { database, scope, fix }: DoctorRequest): Promise<CheckReport> {
  const { name, title, remedy, severity } = check;
  const found = await check.detect(scope);
  if (found.length === 0) return { name, title, remedy, found, outcome: 'ok' };
  if (!fix) return { name, title, remedy, found, outcome: severity };
  try {
    await database.transaction((sql) => check.fix({ ...scope, sql }));
  } catch (error) {
    return { name, title, remedy, found: [...found, `not repaired: ${messageOf(error)}`], outcome: severity };
  }
  const left = await check.detect(scope);
  return left.length === 0
    ? { name, title, remedy, found, outcome: 'fixed' }
    : { name, title, remedy, found: left, outcome: severity };
}
