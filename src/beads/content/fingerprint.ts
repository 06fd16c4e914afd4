import { createHash } from 'node:crypto';
import type { SqlRow, SqlSession } from '../../ports/store.ts';
import type { StoreAdmin, TableShape } from '../../ports/store-admin.ts';
import { canonicalValue, readPages } from './rows.ts';

/**
 * What the beads of a town say, wherever and in whatever form their rows lie: per kind of row its number and a sum of
 * the rows' hashes. Moving a row to its own database, a newer schema and new numbers of events change nothing here.
 */
export interface Fingerprint {
  /** `beads`, `labels`, `edges`, `comments`, `events`. */
  readonly kinds: Readonly<Record<string, { readonly rows: number; readonly sum: string }>>;
  /** `<database>.<key>` → value, of the tables `config` and `metadata`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Newest version of each database. */
  readonly heads: Readonly<Record<string, string>>;
}

const KIND_OF: Readonly<Record<string, string>> = {
  issues: 'beads',
  wisps: 'beads',
  labels: 'labels',
  wisp_labels: 'labels',
  dependencies: 'edges',
  wisp_dependencies: 'edges',
  comments: 'comments',
  wisp_comments: 'comments',
  events: 'events',
  wisp_events: 'events',
};
/** Set by where and in which schema a row lies. */
const DERIVED = new Set(['is_blocked', 'ephemeral', 'started_at']);
const TARGETS = ['depends_on_id', 'depends_on_issue_id', 'depends_on_wisp_id', 'depends_on_external'];

export async function fingerprint(admin: StoreAdmin, databases: readonly string[]): Promise<Fingerprint> {
  const kinds: Record<string, { rows: number; sum: bigint }> = {};
  const settings: Record<string, string> = {};
  const heads: Record<string, string> = {};
  for (const name of databases) {
    await admin.session(name, async (sql) => {
      for (const shape of admin.tables) await addTable(sql, shape, kinds);
      for (const table of ['config', 'metadata']) {
        for (const row of await sql.query(`SELECT \`key\` AS k, value AS v FROM ${table}`))
          settings[`${name}.${table}.${String(row['k'])}`] = String(row['v']);
      }
      const [log] = await sql.query('SELECT commit_hash AS head FROM dolt_log LIMIT 1');
      heads[name] = String(log?.['head'] ?? '');
    });
  }
  const entries = Object.entries(kinds).map(
    ([kind, { rows, sum }]) => [kind, { rows, sum: sum.toString(16) }] as const,
  );
  return { kinds: Object.fromEntries(entries), settings, heads };
}

/** What is not as it was, in words; none = every row, setting and version of `before` is there. */
export async function missingSince(
  admin: StoreAdmin,
  before: Fingerprint,
  after: Fingerprint,
): Promise<readonly string[]> {
  const rows = Object.keys(before.kinds)
    .filter((kind) => before.kinds[kind]?.sum !== after.kinds[kind]?.sum)
    .map(
      (kind) =>
        `${kind}: ${before.kinds[kind]?.rows ?? 0} rows before, ${after.kinds[kind]?.rows ?? 0} after, or other content`,
    );
  const settings = Object.keys(before.settings)
    .filter((key) => !isDropped(key) && before.settings[key] !== after.settings[key])
    .map((key) => `setting ${key}`);
  const versions: string[] = [];
  for (const [name, head] of Object.entries(before.heads)) {
    const found = await admin.session(name, (sql) =>
      sql.query('SELECT 1 FROM dolt_log WHERE commit_hash = ? LIMIT 1', [head]),
    );
    if (found.length === 0) versions.push(`history of '${name}'`);
  }
  return [...rows, ...settings, ...versions];
}

/** The one kind of row that a newer schema no longer has. */
function isDropped(key: string): boolean {
  return key.includes('.metadata.dolt_auto_push_');
}

async function addTable(
  sql: SqlSession,
  shape: TableShape,
  kinds: Record<string, { rows: number; sum: bigint }>,
): Promise<void> {
  const kind = KIND_OF[shape.name];
  if (kind === undefined) return;
  const found = await sql.query(
    'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?',
    [shape.name],
  );
  const there = new Set(found.map((row) => String(row['name'])));
  const table = foundShape(shape, there);
  const total = (kinds[kind] ??= { rows: 0, sum: 0n });
  for await (const page of readPages(sql, table)) {
    for (const cells of page) {
      const row = Object.fromEntries(table.columns.map(({ name }, place) => [name, cells[place] ?? null]));
      total.rows += 1;
      total.sum = (total.sum + hashOf(kind, table, row)) % (1n << 256n);
    }
  }
}

/** The columns that both schemas know, the old form of an edge's target, and a key that is there. */
function foundShape(shape: TableShape, there: ReadonlySet<string>): TableShape {
  const known = shape.columns.filter(({ name }) => there.has(name));
  const old = there.has('depends_on_id') ? [{ name: 'depends_on_id', kind: 'text' as const }] : [];
  const hasKey = shape.primaryKey.every((name) => there.has(name));
  return {
    name: shape.name,
    columns: [...known, ...old],
    primaryKey: hasKey ? shape.primaryKey : ['issue_id', 'depends_on_id'],
  };
}

function hashOf(kind: string, table: TableShape, row: SqlRow): bigint {
  const left = table.columns.filter(
    ({ name }) => !DERIVED.has(name) && !TARGETS.includes(name) && (kind === 'beads' || name !== 'id'),
  );
  // An added column holds its default in every old row: '' and null say the same.
  const values = left.flatMap((column) => {
    const value = canonicalValue(column, row[column.name] ?? null);
    return value === null || value === '' ? [] : [[column.name, value]];
  });
  const target = TARGETS.map((name) => row[name]).find((value) => value !== null && value !== undefined);
  const to = target === undefined ? '' : String(target).replace(/^external:[^:]+:/, '');
  const text = JSON.stringify([values.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)), to]);
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
}

/** Rows of each kind, for people. */
export function countsOf({ kinds }: Fingerprint): string {
  return Object.entries(kinds)
    .map(([kind, { rows }]) => `${rows} ${kind}`)
    .join(', ');
}
