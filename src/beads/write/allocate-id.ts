import { RefusedError, UsageError } from '../../core/errors.ts';
import { isBeadId } from '../../core/names.ts';
import { isIn } from '../sql/conditions.ts';
import {
  MAX_DEPTH,
  MAX_HASH,
  candidateIds,
  childNumber,
  hashLength,
  hierarchyDepth,
  readHashBounds,
  type IdSeed,
} from '../words/ids.ts';
import { BEAD_TABLES, TABLES, integer, text, type BeadTable } from '../sql/rows.ts';
import { barePrefix, routeOf, type LedgerScope } from '../sql/scope.ts';
import { selectAt } from '../sql/select-at.ts';
import type { Bead } from '../types.ts';
import { queryUnion, unionAll } from '../sql/union.ts';

/**
 * A generated id that no bead has yet: a hash, or for issues of a database with `issue_id_mode` = counter the
 * next number. Throws RefusedError `bead.no-free-id`.
 */
export async function freeId(scope: LedgerScope, table: BeadTable, seed: IdSeed): Promise<string> {
  const config = await settings(scope);
  if (table === 'issues' && config.get('issue_id_mode') === 'counter') return nextNumberedId(scope);
  const stem = table === 'wisps' ? `${scope.prefix}-wisp-` : `${scope.prefix}-`;
  const count = await countRootIds(scope, table, stem);
  for (let length = hashLength(count, readHashBounds(config)); length <= MAX_HASH; length += 1) {
    const candidates = candidateIds(stem, seed, length);
    const taken = await takenIds(scope, candidates);
    const free = candidates.find((id) => !taken.has(id));
    if (free !== undefined) return free;
  }
  throw new RefusedError({ code: 'bead.no-free-id', message: `no free id below ${stem}` });
}

async function settings(scope: LedgerScope): Promise<ReadonlyMap<string, string>> {
  const where = isIn('`key`', ['issue_id_mode', 'min_hash_length', 'max_hash_length', 'max_collision_prob']);
  const rows = await scope.sql.query(`SELECT \`key\`, value FROM config WHERE ${where.sql}`, where.values);
  return new Map(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
}

/** The counter moves in the transaction of the insert; it starts behind the highest number in use. */
async function nextNumberedId(scope: LedgerScope): Promise<string> {
  const rows = await scope.sql.query('SELECT last_id FROM issue_counter WHERE prefix = ?', [scope.prefix]);
  const last = rows[0] === undefined ? await highestNumber(scope) : integer(rows[0], 'last_id');
  let next = last + 1;
  while ((await takenIds(scope, [`${scope.prefix}-${next}`])).size > 0) next += 1;
  await (rows[0] === undefined
    ? scope.sql.run('INSERT INTO issue_counter (prefix, last_id) VALUES (?, ?)', [scope.prefix, next])
    : scope.sql.run('UPDATE issue_counter SET last_id = ? WHERE prefix = ?', [next, scope.prefix]));
  return `${scope.prefix}-${next}`;
}

async function highestNumber(scope: LedgerScope): Promise<number> {
  const stem = `${scope.prefix}-`;
  const rows = await scope.sql.query('SELECT id FROM issues WHERE id >= ? AND id < ?', [
    `${stem}0`,
    `${stem}:`,
  ]);
  const numbers = rows
    .map((row) => text(row, 'id').slice(stem.length))
    .filter((rest) => /^\d{1,9}$/.test(rest));
  return Math.max(0, ...numbers.map(Number));
}

/** Up to here beads are counted one by one. */
const COUNTED = 1000;

/**
 * Ids of this prefix without a dot, by a range of the primary key. Beyond the first thousand those whose hash begins
 * with `j` stand for all: they are a thirty-sixth, and an exact count would read the whole table at every create.
 */
async function countRootIds(scope: LedgerScope, table: BeadTable, stem: string): Promise<number> {
  const inRange = `FROM ${table} WHERE id >= ? AND id < ? AND INSTR(id, '.') = 0`;
  const rows = await scope.sql.query(
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 AS found ${inRange} LIMIT ${COUNTED + 1}) few) AS counted,
      (SELECT COUNT(*) ${inRange}) AS sample`,
    [`${scope.prefix}-`, `${scope.prefix}.`, `${stem}j`, `${stem}k`],
  );
  if (rows[0] === undefined) return 0;
  const counted = integer(rows[0], 'counted');
  return counted <= COUNTED ? counted : Math.max(counted, 36 * integer(rows[0], 'sample'));
}

/** Those of the ids that some row has, in either table. */
export async function takenIds(scope: LedgerScope, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await queryUnion(
    scope.sql,
    BEAD_TABLES.map((table) => selectAt(scope, 't.id', [table, 'id'], ids)),
  );
  return new Set(rows.map((row) => text(row, 'id')));
}

/**
 * A chosen id: well formed, of this database, not taken.
 * Throws UsageError `bead.bad-id` `bead.foreign-prefix`, RefusedError `bead.exists`.
 */
export async function checkChosenId(
  scope: LedgerScope,
  { id, foreignPrefix }: { readonly id: string; readonly foreignPrefix: boolean },
): Promise<string> {
  if (!isBeadId(id)) {
    throw new UsageError({ code: 'bead.bad-id', message: `'${id.slice(0, 60)}' cannot be a bead id` });
  }
  if (!foreignPrefix && !(await belongsHere(scope, id))) {
    throw new UsageError({
      code: 'bead.foreign-prefix',
      message: `'${id}' does not begin with '${scope.prefix}-', the prefix of database ${scope.database}`,
      hint: 'Run it with --force to keep that id here',
    });
  }
  if ((await takenIds(scope, [id])).size > 0) throw alreadyExists(id);
  return id;
}

export function alreadyExists(id: string): RefusedError {
  return new RefusedError({
    code: 'bead.exists',
    message: `${id} exists already`,
    hint: `Run: bd show ${id}`,
  });
}

async function belongsHere(scope: LedgerScope, id: string): Promise<boolean> {
  if (id.startsWith(`${barePrefix(scope.prefix)}-`)) {
    const route = routeOf(await scope.routes(), id);
    return route === undefined || route.database === scope.database;
  }
  const rows = await scope.sql.query("SELECT value FROM config WHERE `key` = 'allowed_prefixes'");
  const allowed = rows[0] === undefined ? [] : text(rows[0], 'value').split(',');
  return allowed.some((prefix) => prefix.trim() !== '' && id.startsWith(`${barePrefix(prefix.trim())}-`));
}

/** The next `<parent>.<n>`; the counter moves in the same transaction. Throws RefusedError `bead.too-deep`. */
export async function nextChildId(scope: LedgerScope, parent: Bead): Promise<string> {
  if (hierarchyDepth(parent.id) >= MAX_DEPTH) {
    throw new RefusedError({
      code: 'bead.too-deep',
      message: `${parent.id} is ${MAX_DEPTH} levels deep, no child id fits below it`,
    });
  }
  const counters = TABLES[parent.table].childCounters;
  const rows = await scope.sql.query(`SELECT last_child FROM ${counters} WHERE parent_id = ?`, [parent.id]);
  const last = rows[0] === undefined ? 0 : integer(rows[0], 'last_child');
  const next = Math.max(last, ...(await childNumbers(scope, parent.id))) + 1;
  await (rows[0] === undefined
    ? scope.sql.run(`INSERT INTO ${counters} (parent_id, last_child) VALUES (?, ?)`, [parent.id, next])
    : scope.sql.run(`UPDATE ${counters} SET last_child = ? WHERE parent_id = ?`, [next, parent.id]));
  return `${parent.id}.${next}`;
}

async function childNumbers(scope: LedgerScope, parent: string): Promise<readonly number[]> {
  const sql = BEAD_TABLES.map((table) => `SELECT id FROM ${table} WHERE id > ? AND id < ?`);
  const rows = await scope.sql.query(unionAll(sql), [`${parent}.`, `${parent}/`, `${parent}.`, `${parent}/`]);
  return rows.flatMap((row) => childNumber(parent, text(row, 'id')) ?? []);
}
