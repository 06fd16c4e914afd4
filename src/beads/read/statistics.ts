import { childEdges } from './child-edges.ts';
import { allOf, condition, type Condition } from '../sql/conditions.ts';
import { epicProgress } from './epics.ts';
import { readyCondition } from './ready.ts';
import { countBeads, countBeadsBy } from './filter.ts';
import { BEAD_TABLES, text } from '../sql/rows.ts';
import { sqlNow, type LedgerScope } from '../sql/scope.ts';
import type { BeadFilter } from '../types.ts';
import { unionAll } from '../sql/union.ts';

/** Counts over the issues of one database; wisps are no work and left out. */
export interface Statistics {
  readonly total: number;
  readonly open: number;
  readonly inProgress: number;
  readonly closed: number;
  readonly blocked: number;
  readonly deferred: number;
  readonly ready: number;
  readonly pinned: number;
  /** Open epics with children, all of them closed. */
  readonly closableEpics: number;
  /** Creation to closing, mean over closed beads, one decimal. */
  readonly leadTimeHours: number;
}

/** Counted by the engine: a handful of queries that return numbers, however many beads there are. */
export async function countStatistics(scope: LedgerScope, assignee?: string): Promise<Statistics> {
  const filter: BeadFilter = { tables: ['issues'], ...(assignee === undefined ? {} : { assignee }) };
  const byStatus = await countBeadsBy(scope, filter, 'status');
  const withStatus = (status: string) => byStatus.get(status) ?? 0;
  const epics = await epicProgress(scope, assignee);
  return {
    total: [...byStatus.values()].reduce((sum, count) => sum + count, 0),
    open: withStatus('open'),
    inProgress: withStatus('in_progress'),
    closed: withStatus('closed'),
    blocked: await countBeads(scope, { ...filter, blocked: true, notStatus: ['closed'] }),
    deferred: withStatus('deferred'),
    ready: await countReady(scope, filter),
    pinned: withStatus('pinned'),
    closableEpics: epics.filter(({ total, closed }) => total === closed).length,
    leadTimeHours: await meanLeadTime(scope, assignee),
  };
}

async function countReady(scope: LedgerScope, filter: BeadFilter): Promise<number> {
  const putOff = BEAD_TABLES.map((table) => `SELECT id FROM ${table} WHERE defer_until > ?`);
  const parents = await scope.sql.query(unionAll(putOff), [sqlNow(scope), sqlNow(scope)]);
  const children = childEdges('issues', parents.map((row) => text(row, 'id'))); // prettier-ignore
  return count(
    scope,
    allOf([
      readyCondition(scope, { ...filter, order: 'priority' }, 'issues'),
      parents.length === 0 ? undefined : condition(`NOT (${children.sql})`, ...children.values),
    ]),
  );
}

async function count(scope: LedgerScope, where: Condition): Promise<number> {
  const rows = await scope.sql.query(`SELECT COUNT(*) AS n FROM issues b WHERE ${where.sql}`, where.values);
  return Number(rows[0]?.['n'] ?? 0);
}

async function meanLeadTime(scope: LedgerScope, assignee?: string): Promise<number> {
  const seconds = (column: string) => scope.dialect.unixSeconds(column);
  const rows = await scope.sql.query(
    `SELECT AVG(${seconds('closed_at')} - ${seconds('created_at')}) AS mean FROM issues
     WHERE closed_at IS NOT NULL${assignee === undefined ? '' : ' AND assignee = ?'}`,
    assignee === undefined ? [] : [assignee],
  );
  return Math.round(Number(rows[0]?.['mean'] ?? 0) / 360) / 10;
}
