import type { LedgerScope, WriteScope } from '../sql/scope.ts';

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
