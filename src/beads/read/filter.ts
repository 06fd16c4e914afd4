import { childEdges } from './child-edges.ts';
import { allOf, condition, contains, isIn, isNotIn, type Condition } from '../sql/conditions.ts';
import { queryCondition } from '../query/compile.ts';
import { BEAD_TABLES, TABLES, text, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { isWide, selectFirst } from './first-page.ts';
import { selectBeads, selectLists, tableOf } from './select.ts';
import { metadataPath } from '../words/texts.ts';
import { parseTime } from '../words/times.ts';
import type { Bead, BeadFilter, CountGroup } from '../types.ts';

type SortTerm = readonly [column: string, direction: 'ASC' | 'DESC'];

const ORDERS: Readonly<Record<NonNullable<BeadFilter['order']>, readonly SortTerm[]>> = {
  priority: [
    ['priority', 'ASC'],
    ['created_at', 'DESC'],
  ],
  created: [['created_at', 'DESC']],
  updated: [['updated_at', 'DESC']],
  closed: [['closed_at', 'DESC']],
  status: [['status', 'ASC']],
  id: [],
  title: [['LOWER(title)', 'ASC']],
  type: [['issue_type', 'ASC']],
  assignee: [["COALESCE(assignee, '')", 'ASC']],
};

/** The id comes last in every order: rows of equal keys must not change places between two calls. */
function orderOf({ order, reverse }: BeadFilter): Condition {
  const terms: readonly SortTerm[] = [...ORDERS[order ?? 'priority'], ['id', 'ASC']];
  const flipped = { ASC: 'DESC', DESC: 'ASC' } as const;
  return condition(
    terms.map(([column, way]) => `${column} ${reverse === true ? flipped[way] : way}`).join(', '),
  );
}

/** All beads that fulfil the filter, closed ones included; templates only when asked for. */
export function listBeads(scope: LedgerScope, filter: BeadFilter): Promise<readonly Bead[]> {
  const query = { ...selection(scope, filter), order: orderOf(filter), limit: filter.limit };
  const {
    limit,
    order = 'priority',
    notStatus,
    notType: _,
    pinned: __,
    includeTemplates: ___,
    ...narrower
  } = filter;
  const isOpen = notStatus?.includes('closed') === true;
  return limit !== undefined && order === 'priority' && isOpen && isWide(narrower)
    ? selectFirst(scope, { ...query, limit, candidates: "status <> 'closed'" })
    : selectBeads(scope, query);
}

export function listsOfBeads(
  scope: LedgerScope,
  filters: readonly BeadFilter[],
): Promise<readonly (readonly Bead[])[]> {
  return selectLists(
    scope,
    filters.map((filter) => selection(scope, filter)),
  );
}

function selection(scope: LedgerScope, filter: BeadFilter) {
  return {
    ...(filter.tables === undefined ? {} : { tables: filter.tables }),
    among: () => filter.ids,
    where: (table: BeadTable) => filterCondition(scope, filter, table),
  };
}

/** How many there are. */
export async function countBeads(scope: LedgerScope, filter: BeadFilter): Promise<number> {
  let total = 0;
  for (const table of filter.tables ?? BEAD_TABLES) {
    const [from, where] = [tableOf(scope, table, filter.ids), filterCondition(scope, filter, table)];
    const rows = await scope.sql.query(`SELECT COUNT(*) AS n FROM ${from.sql} WHERE ${where.sql}`, [
      ...from.values,
      ...where.values,
    ]);
    total += Number(rows[0]?.['n'] ?? 0);
  }
  return total;
}

const GROUP_COLUMNS: Readonly<Record<CountGroup, string>> = {
  status: 'b.status',
  priority: 'b.priority',
  type: 'b.issue_type',
  assignee: "COALESCE(b.assignee, '')",
  label: "COALESCE(l.label, '')",
};

/** How many there are of each; '' = unassigned, without labels. A bead counts once per label. */
export async function countBeadsBy(
  scope: LedgerScope,
  filter: BeadFilter,
  by: CountGroup,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of filter.tables ?? BEAD_TABLES) {
    const [from, where] = [tableOf(scope, table, filter.ids), filterCondition(scope, filter, table)];
    const labels = by === 'label' ? `LEFT JOIN ${TABLES[table].labels} l ON l.issue_id = b.id` : '';
    const rows = await scope.sql.query(
      `SELECT ${GROUP_COLUMNS[by]} AS grp, COUNT(*) AS n FROM ${from.sql} ${labels} WHERE ${where.sql} GROUP BY grp`,
      [...from.values, ...where.values],
    );
    for (const row of rows) {
      const group = text(row, 'grp');
      counts.set(group, (counts.get(group) ?? 0) + Number(row['n'] ?? 0));
    }
  }
  return counts;
}

/** What the filter asks of the table `b`, but for its ids: those are in `tableOf`. */
export function filterCondition(scope: LedgerScope, filter: BeadFilter, table: BeadTable): Condition {
  return allOf([
    ...wordConditions(filter),
    ...textConditions(filter),
    ...labelConditions(filter, table),
    filter.parent === undefined ? undefined : childEdges(table, [filter.parent].flat()),
    filter.noParent === true ? childEdges(table, undefined) : undefined,
    filter.query && queryCondition(filter.query, { scope, table }),
    ...timeConditions(filter),
    ...Object.entries(filter.metadata ?? {}).map(([key, value]) =>
      condition(`${scope.dialect.jsonText('b.metadata', metadataPath(key))} = ?`, value),
    ),
  ]);
}

function wordConditions(filter: BeadFilter): readonly (Condition | undefined)[] {
  return [
    filter.status && isIn('b.status', filter.status),
    filter.notStatus && isNotIn('b.status', filter.notStatus),
    // In so many words, because only then SQLite sees that its index of open beads has all of them.
    filter.notStatus?.includes('closed') === true ? condition("b.status <> 'closed'") : undefined,
    filter.type && isIn('b.issue_type', filter.type),
    filter.notType && isNotIn('b.issue_type', filter.notType),
    filter.assignee === undefined ? undefined : isIn("COALESCE(b.assignee, '')", [filter.assignee].flat()),
    filter.priority === undefined ? undefined : condition('b.priority = ?', filter.priority),
    filter.createdBy === undefined ? undefined : condition('b.created_by = ?', filter.createdBy),
    filter.pinned === undefined ? undefined : condition('COALESCE(b.pinned, 0) = ?', filter.pinned ? 1 : 0),
    filter.blocked === undefined ? undefined : condition('b.is_blocked = ?', filter.blocked ? 1 : 0),
    filter.molType === undefined ? undefined : condition('b.mol_type = ?', filter.molType),
    filter.wispType === undefined ? undefined : condition('b.wisp_type = ?', filter.wispType),
    filter.includeTemplates === true ? undefined : condition('COALESCE(b.is_template, 0) = 0'),
  ];
}

function textConditions(filter: BeadFilter): readonly (Condition | undefined)[] {
  const anywhere = "CONCAT(b.id, ' ', b.title, ' ', b.description)";
  return [
    filter.titleContains === undefined ? undefined : contains('b.title', filter.titleContains),
    filter.descriptionContains === undefined
      ? undefined
      : contains('b.description', filter.descriptionContains),
    filter.notesContains === undefined ? undefined : contains('b.notes', filter.notesContains),
    filter.textContains === undefined ? undefined : contains(anywhere, filter.textContains),
  ];
}

/** Sub-selects by label let the engine start from the label index when the label is rare. */
function labelConditions(filter: BeadFilter, table: BeadTable): readonly (Condition | undefined)[] {
  const labels = TABLES[table].labels;
  const holders = (verb: 'IN' | 'NOT IN', wanted: readonly string[]): Condition => {
    const having = isIn('label', wanted);
    return condition(`b.id ${verb} (SELECT issue_id FROM ${labels} WHERE ${having.sql})`, ...having.values);
  };
  return [
    ...(filter.labels ?? []).map((label) => holders('IN', [label])),
    filter.anyLabel && holders('IN', filter.anyLabel),
    filter.notLabels && filter.notLabels.length > 0 ? holders('NOT IN', filter.notLabels) : undefined,
  ];
}

function timeConditions(filter: BeadFilter): readonly (Condition | undefined)[] {
  const bound = (column: string, sign: '>' | '<', time: string | undefined) =>
    time === undefined ? undefined : condition(`b.${column} ${sign} ?`, parseTime(time));
  return [
    bound('created_at', '>', filter.createdAfter),
    bound('created_at', '<', filter.createdBefore),
    bound('updated_at', '>', filter.updatedAfter),
    bound('updated_at', '<', filter.updatedBefore),
    bound('closed_at', '>', filter.closedAfter),
    bound('closed_at', '<', filter.closedBefore),
  ];
}
