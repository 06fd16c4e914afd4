import type { SqlRow } from '../../ports/store.ts';
import type { Condition } from '../sql/conditions.ts';
import { integer, text } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { selectBeads, type BeadQuery } from './select.ts';
import type { Bead } from '../types.ts';

/** Newest beads to look through first, per bead wanted: with five priorities in equal use half of them would do. */
const WINDOW = 10;
/** What `where` and the order may look at. */
const COLUMNS =
  'id, priority, created_at, status, is_blocked, issue_type, pinned, ephemeral, defer_until, is_template';
/** A limit that limits nothing keeps the engine from choosing another index for the inner SELECT. */
const ALL = 'LIMIT 1000000000';

export interface FirstPage extends BeadQuery {
  readonly limit: number;
  /** What an index of the issues alone can tell of `where`: how many rows the engine would fetch and sort. */
  readonly candidates: string;
}

/**
 * A page in the order of priority, as `selectBeads` reads it, without looking at all beads. `where` must keep to the
 * columns above. Dolt has no index in that order and fetches every row it may be (3 us each) before it sorts.
 */
export async function selectFirst(scope: LedgerScope, query: FirstPage): Promise<readonly Bead[]> {
  const picked = scope.dialect.kind === 'dolt' ? await pickIssues(scope, query) : undefined;
  if (picked === undefined) return selectBeads(scope, query);
  const among = (table: string) => (table === 'issues' ? picked : undefined);
  const page = await selectBeads(scope, { ...query, among });
  // Somebody may have taken one of them since.
  return page.length === query.limit ? page : selectBeads(scope, query);
}

/** Whether nothing is asked for that makes the choice narrow. */
export function isWide(narrowing: object): boolean {
  return Object.values(narrowing).every((part) => part === undefined);
}

interface Candidate {
  readonly id: string;
  readonly priority: number;
  readonly createdAt: string;
}

/**
 * Ids of the issues up to the page's end; undefined = sorting all of them costs less. Reads two index ranges: the newest
 * issues, and the more urgent ones of any age. Let q be the priority at which the newest alone fill the page: whatever
 * comes before the page's end is more urgent than q, or is q and among the newest.
 */
export async function pickIssues(
  scope: LedgerScope,
  { where, limit, offset = 0, candidates }: FirstPage,
): Promise<readonly string[] | undefined> {
  const end = limit + offset;
  const { total, since } = await readExtent(scope, candidates, end * WINDOW);
  if (since === undefined || total < 3 * end * WINDOW) return undefined;
  const wanted = where('issues');
  const newest = await readRange(scope, wanted, { range: 'created_at > ?', bound: since });
  const last = newest.toSorted(byUrgency)[end - 1]?.priority;
  if (last === undefined) return undefined;
  const urgentOnes = await countUrgent(scope, last);
  if (urgentOnes > total) return undefined;
  const urgent =
    urgentOnes === 0 ? [] : await readRange(scope, wanted, { range: 'priority < ?', bound: last });
  const page = [...urgent, ...newest.filter(({ priority }) => priority === last)].toSorted(byUrgency);
  return page.slice(0, end).map(({ id }) => id);
}

/** How many candidates there are, and the time of the issue after the `window` newest, if there is one. */
async function readExtent(scope: LedgerScope, candidates: string, window: number) {
  const rows = await scope.sql.query(
    `SELECT COUNT(*) AS total, NULL AS since FROM issues WHERE ${candidates} UNION ALL
     SELECT NULL, created_at FROM (SELECT created_at FROM issues ORDER BY created_at DESC LIMIT 1 OFFSET ?) w`,
    [window],
  );
  const since = rows.find((row) => row['since'] !== null)?.['since'];
  return {
    total: Number(rows.find((row) => row['total'] !== null)?.['total'] ?? 0),
    since: typeof since === 'string' ? since : undefined,
  };
}

async function countUrgent({ sql }: LedgerScope, priority: number): Promise<number> {
  const rows = await sql.query('SELECT COUNT(*) AS n FROM issues WHERE priority < ?', [priority]);
  return Number(rows[0]?.['n'] ?? 0);
}

/** The wanted issues of an index range. */
async function readRange(
  { sql }: LedgerScope,
  wanted: Condition,
  { range, bound }: { readonly range: string; readonly bound: string | number },
): Promise<readonly Candidate[]> {
  const rows = await sql.query(
    `SELECT b.id, b.priority, b.created_at FROM (SELECT ${COLUMNS} FROM issues WHERE ${range} ${ALL}) b WHERE ${wanted.sql}`,
    [bound, ...wanted.values],
  );
  return rows.map(candidateOf);
}

function candidateOf(row: SqlRow): Candidate {
  return { id: text(row, 'id'), priority: integer(row, 'priority'), createdAt: text(row, 'created_at') };
}

/** The order of BY_PRIORITY; times and ids are ASCII, so letters compare as the engine does. */
function byUrgency(left: Candidate, right: Candidate): number {
  return (
    left.priority - right.priority || compare(right.createdAt, left.createdAt) || compare(left.id, right.id)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
