import type { SqlRow, SqlSession } from '../../ports/store.ts';
import { canonicalJson } from '../content/values.ts';
import { batches, isIn, type Condition } from '../sql/conditions.ts';
import { BEAD_TABLES, TABLES, parseMetadata, text, time, type BeadTable } from '../sql/rows.ts';
import { ISSUE_FIELDS, LATE_FIELDS, type JsonRecord } from './fields.ts';

/** A bead with all that a line of an export says of it. */
export interface StoredRecord {
  readonly table: BeadTable;
  readonly record: JsonRecord;
}

interface Belongings {
  readonly labels: ReadonlyMap<string, readonly SqlRow[]>;
  readonly dependencies: ReadonlyMap<string, readonly SqlRow[]>;
  readonly comments: ReadonlyMap<string, readonly SqlRow[]>;
}

/** The beads of these ids (undefined = all), most urgent first, then newest. */
export async function readRecords(
  sql: SqlSession,
  ids: readonly string[] | undefined,
): Promise<readonly StoredRecord[]> {
  const stored: { readonly table: BeadTable; readonly row: SqlRow; readonly record: JsonRecord }[] = [];
  for (const table of BEAD_TABLES) {
    const owned = await readBelongings(sql, table, ids);
    for (const row of await select(sql, `SELECT * FROM ${table}`, { column: 'id', ids })) {
      stored.push({ table, row, record: recordOf(row, owned) });
    }
  }
  return stored.toSorted((left, right) => compareRows(left.row, right.row));
}

/** How many `blocks` edges arrive at each bead: what a list counts as dependents. */
export async function readDependentCounts(sql: SqlSession): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of BEAD_TABLES) {
    const rows = await sql.query(
      `SELECT ${TARGET} AS target, COUNT(*) AS n FROM ${TABLES[table].dependencies} WHERE type = 'blocks' GROUP BY ${TARGET}`,
    );
    for (const row of rows) {
      const target = text(row, 'target');
      counts.set(target, (counts.get(target) ?? 0) + Number(row['n']));
    }
  }
  return counts;
}

const TARGET = 'COALESCE(depends_on_issue_id, depends_on_wisp_id, depends_on_external)';

async function readBelongings(
  sql: SqlSession,
  table: BeadTable,
  ids: readonly string[] | undefined,
): Promise<Belongings> {
  const { labels, dependencies, comments } = TABLES[table];
  const where = { column: 'issue_id', ids };
  const edges = `SELECT issue_id, ${TARGET} AS depends_on_id, type, created_at, created_by, metadata, thread_id FROM ${dependencies}`;
  return {
    labels: grouped(await select(sql, `SELECT issue_id, label FROM ${labels}`, where)),
    dependencies: grouped(await select(sql, edges, where)),
    comments: grouped(await select(sql, `SELECT * FROM ${comments}`, where)),
  };
}

async function select(
  sql: SqlSession,
  statement: string,
  { column, ids }: { readonly column: string; readonly ids: readonly string[] | undefined },
): Promise<readonly SqlRow[]> {
  if (ids === undefined) return sql.query(statement);
  const rows: SqlRow[] = [];
  for (const batch of batches(ids)) {
    const where: Condition = isIn(column, batch);
    rows.push(...(await sql.query(`${statement} WHERE ${where.sql}`, where.values)));
  }
  return rows;
}

function grouped(rows: readonly SqlRow[]): ReadonlyMap<string, readonly SqlRow[]> {
  return Map.groupBy(rows, (row) => text(row, 'issue_id'));
}

function recordOf(row: SqlRow, owned: Belongings): JsonRecord {
  const id = text(row, 'id');
  const write = ({ key, column, write: value }: (typeof ISSUE_FIELDS)[number]) => [key, value(row, column)];
  const entries = [
    ...ISSUE_FIELDS.map(write),
    [
      'labels',
      listOrNothing(
        owned.labels
          .get(id)
          ?.map((label) => text(label, 'label'))
          .toSorted(),
      ),
    ],
    ['dependencies', listOrNothing(owned.dependencies.get(id)?.map(edgeRecord).toSorted(byTimeThenText))],
    ['comments', listOrNothing(owned.comments.get(id)?.map(commentRecord).toSorted(byTimeThenText))],
    ...LATE_FIELDS.map(write),
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function listOrNothing<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function edgeRecord(row: SqlRow): Readonly<Record<string, string>> {
  const thread = text(row, 'thread_id');
  return {
    issue_id: text(row, 'issue_id'),
    depends_on_id: text(row, 'depends_on_id'),
    type: text(row, 'type'),
    created_at: time(row, 'created_at') ?? '',
    created_by: text(row, 'created_by'),
    metadata: canonicalJson(parseMetadata(row['metadata'] ?? null)),
    ...(thread === '' ? {} : { thread_id: thread }),
  };
}

function commentRecord(row: SqlRow): Readonly<Record<string, string>> {
  return {
    id: text(row, 'id'),
    issue_id: text(row, 'issue_id'),
    author: text(row, 'author'),
    text: text(row, 'text'),
    created_at: time(row, 'created_at') ?? '',
  };
}

/** Rows of equal times come in any order from an engine; a file needs one. */
function byTimeThenText(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): number {
  const key = (part: Readonly<Record<string, string>>) =>
    `${part['created_at']} ${part['type'] ?? part['id']} ${part['depends_on_id'] ?? ''}`;
  return key(left) < key(right) ? -1 : Number(key(left) > key(right));
}

function compareRows(left: SqlRow, right: SqlRow): number {
  const byPriority = Number(left['priority']) - Number(right['priority']);
  if (byPriority !== 0) return byPriority;
  const [older, newer] = [text(left, 'created_at'), text(right, 'created_at')];
  if (older !== newer) return older < newer ? 1 : -1;
  return text(left, 'id') < text(right, 'id') ? -1 : 1;
}
