import { BugError, RefusedError } from '../../core/errors.ts';
import type { SqlValue } from '../../ports/store.ts';
import { recomputeAround } from '../blocked/recompute.ts';
import { existing } from '../read/find.ts';
import { condition, allOf, isIn, type Condition } from '../sql/conditions.ts';
import { withColumns } from '../sql/rows.ts';
import { sqlNow, type WriteScope, type LedgerScope } from '../sql/scope.ts';
import type { Bead, BeadGuard, BeadPatch } from '../types.ts';
import { metadataPath } from '../words/texts.ts';
import { checkStatus, checkType } from '../words/vocabulary.ts';
import { changesJson, writeEvent } from './events.ts';
import { issueJson } from './issue-json.ts';
import { planPatch } from './patch.ts';

/**
 * Changes one bead when `guard` holds. Throws NotFoundError `bead.not-found`, RefusedError `bead.changed`,
 * UsageError.
 */
export async function updateBead(
  scope: WriteScope,
  id: string,
  patch: BeadPatch,
  guard: BeadGuard = {},
): Promise<Bead> {
  const bead = await existing(scope, id);
  const words = {
    ...(patch.status === undefined ? {} : { status: await checkStatus(scope, patch.status) }),
    ...(patch.type === undefined ? {} : { type: await checkType(scope, patch.type) }),
  };
  const plan = planPatch(bead, { ...patch, ...words }, sqlNow(scope));
  const written = await writeColumns(scope, bead, plan.columns, guardCondition(scope, guard));
  if (Object.keys(plan.columns).length === 0) return bead;
  await writeEvent(scope, bead, {
    type: plan.event,
    oldValue: JSON.stringify(issueJson(bead)),
    newValue: changesJson(plan.told),
  });
  return plan.crossesDone ? recomputed(scope, written) : written;
}

/**
 * The guarded UPDATE; also checks the guard when nothing would change, since a caller relies on it having held.
 * Throws RefusedError `bead.changed`. @returns the bead as it reads now
 */
export async function writeColumns(
  scope: WriteScope,
  bead: Bead,
  columns: Readonly<Record<string, SqlValue>>,
  guard: Condition = condition('1=1'),
): Promise<Bead> {
  const names = Object.keys(columns);
  const set = [...names.map((name) => `${name} = ?`), 'updated_at = ?'].join(', ');
  const values = [...Object.values(columns), names.length === 0 ? toColumn(bead.updatedAt) : sqlNow(scope)];
  const rows = await scope.sql.run(`UPDATE ${bead.table} SET ${set} WHERE id = ? AND (${guard.sql})`, [
    ...values,
    bead.id,
    ...guard.values,
  ]);
  if (rows === 1)
    return withColumns(bead, names.length === 0 ? {} : { ...columns, updated_at: sqlNow(scope) });
  if (rows > 1) throw new BugError({ code: 'bug.many-rows', message: `${rows} rows have the id ${bead.id}` });
  const holder = bead.assignee === '' ? '' : `, held by ${bead.assignee}`;
  throw new RefusedError({
    code: 'bead.changed',
    message: `${bead.id} is not as expected: it is ${bead.status}${holder}`,
  });
}

/** Recomputes around a bead that was just written. @returns the bead with its own flag as it is now */
export async function recomputed(scope: WriteScope, bead: Bead): Promise<Bead> {
  const changes = await recomputeAround(scope, { beads: [bead.id] });
  return { ...bead, isBlocked: changes.get(bead.id) ?? bead.isBlocked };
}

function toColumn(rfc3339: string): string {
  return rfc3339.slice(0, 19).replace('T', ' ');
}

/** The guard as a piece of the UPDATE's own WHERE: checking first and writing then would leave a gap. */
function guardCondition(scope: LedgerScope, guard: BeadGuard): Condition {
  return allOf([
    guard.status === undefined ? undefined : isIn('status', [guard.status].flat()),
    guard.assignee === undefined ? undefined : condition("COALESCE(assignee, '') = ?", guard.assignee),
    ...Object.entries(guard.metadata ?? {}).map(([key, value]) => {
      const found = scope.dialect.jsonText('metadata', metadataPath(key));
      return value === null ? condition(`${found} IS NULL`) : condition(`${found} = ?`, value);
    }),
  ]);
}
