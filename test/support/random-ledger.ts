import type { Database, SqlValue } from '../../src/ports/store.ts';
import type { ColumnShape, TableShape } from '../../src/ports/store-admin.ts';

const TEXTS = [
  '',
  'plain',
  "quo'te",
  '"dq"',
  'back\\slash',
  '漢字',
  '🎉',
  'שלום',
  '\u001b[31m',
  '% _',
  '--help',
  'a\nb',
  ' x ',
];
const JSONS = [
  '{}',
  '{"b": 1, "a": {"z": [1, 2.5, "ü"], "y": null}}',
  '{"k":"v; DROP TABLE issues"}',
  '{"n":1e3}',
];

/** Fills every table of a ledger with rows of odd content; the same seed gives the same rows. */
export async function fillLedger(
  database: Database,
  tables: readonly TableShape[],
  seed: number,
): Promise<void> {
  const next = numbers(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const ids = { issues: idsOf('fx', 12), wisps: idsOf('fx-wisp', 8) };
  for (const table of tables) {
    if (/schema_migrations$|^metadata$|^config$/.test(table.name)) continue;
    for (let row = 0; row < 8; row += 1) {
      const values = table.columns.map((column) => valueOf({ table, column, row, ids, pick, next }));
      await insert(database, table, values);
    }
  }
}

function idsOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

interface Cell {
  readonly table: TableShape;
  readonly column: ColumnShape;
  readonly row: number;
  readonly ids: { readonly issues: readonly string[]; readonly wisps: readonly string[] };
  readonly pick: <T>(list: readonly T[]) => T;
  readonly next: () => number;
}

function valueOf(cell: Cell): SqlValue {
  const { table, column, row, ids, pick, next } = cell;
  const own = table.name.startsWith('wisp') ? ids.wisps : ids.issues;
  switch (column.name) {
    case 'id':
      return table.name === 'issues' || table.name === 'wisps'
        ? (own[row] ?? '')
        : `${table.name}-${row}`.slice(0, 32);
    case 'issue_id':
    case 'parent_id':
      return own[row] ?? '';
    case 'depends_on_issue_id':
      return row % 3 === 0 ? (ids.issues[7 - row] ?? null) : null;
    case 'depends_on_wisp_id':
      return row % 3 === 1 ? (ids.wisps[row] ?? null) : null;
    case 'depends_on_external':
      return row % 3 === 2 ? `external:zz:zz-${row}` : null;
    case 'timeout_ns':
      return pick(['9007199254740993', '0', '86400000000000']);
    case 'name':
    case 'prefix':
    case 'repo_path':
    case 'key':
    case 'label':
      return `${column.name}-${row}-ü`;
    default:
      return plain(column, { pick, next });
  }
}

function plain({ name, kind }: ColumnShape, { pick, next }: Pick<Cell, 'pick' | 'next'>): SqlValue {
  switch (kind) {
    case 'text':
      return pick(TEXTS).slice(0, name === 'sovereignty' ? 8 : 32);
    case 'number':
      return Math.floor(next() * 2);
    case 'time':
      return `2026-0${1 + Math.floor(next() * 9)}-11 12:13:14`;
    case 'json':
      return pick(JSONS);
    case 'blob':
      return pick(['', '00FF10', 'DEADBEEF']);
  }
}

async function insert(database: Database, table: TableShape, values: readonly SqlValue[]): Promise<void> {
  const names = table.columns.map(({ name }) => `\`${name}\``).join(', ');
  const marks = table.columns.map(({ kind }) => (kind === 'blob' ? 'UNHEX(?)' : '?')).join(', ');
  await database.run(`INSERT INTO ${table.name} (${names}) VALUES (${marks})`, values);
}

/** A small generator of its own (mulberry32): tests must not depend on Math.random. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
