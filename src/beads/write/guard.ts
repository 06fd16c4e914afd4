import { allOf, condition, isIn, type Condition } from '../sql/conditions.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { metadataPath } from '../words/texts.ts';
import type { BeadGuard } from '../types.ts';

/** The guard as a piece of the UPDATE's own WHERE: checking first and writing then would leave a gap. */
export function guardCondition(scope: LedgerScope, guard: BeadGuard): Condition {
  return allOf([
    guard.status === undefined ? undefined : isIn('status', [guard.status].flat()),
    guard.assignee === undefined ? undefined : condition("COALESCE(assignee, '') = ?", guard.assignee),
    ...Object.entries(guard.metadata ?? {}).map(([key, value]) => {
      const found = scope.dialect.jsonText('metadata', metadataPath(key));
      return value === null ? condition(`${found} IS NULL`) : condition(`${found} = ?`, value);
    }),
  ]);
}
