import { RefusedError, UnreadableError, UsageError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Database, SqlSession } from '../../ports/store.ts';
import { recomputeAll } from '../blocked/recompute.ts';
import { writeConfig } from '../write/config.ts';
import { routeOf, type PrefixRoute, type WriteScope } from '../sql/scope.ts';
import { text } from '../sql/rows.ts';
import { createUuid7 } from '../words/uuid7.ts';
import { checkStatus, checkType } from '../words/vocabulary.ts';
import { textAt } from './fields.ts';
import { MEMORY_PREFIX } from './export.ts';
import type { ParsedFile } from './parse.ts';
import { planImport, type ConflictRule, type ImportConflict } from './plan.ts';
import { readRecords } from './read.ts';
import { writeEdges } from './write-edges.ts';
import { createRecord, updateRecord } from './write-records.ts';

export interface ImportRequest {
  readonly database: Database;
  readonly prefix: string;
  readonly routes: readonly PrefixRoute[];
  readonly actor: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly file: ParsedFile;
  readonly rule: ConflictRule;
  readonly dryRun: boolean;
}

export interface ImportResult {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: number;
  /** Memories that are new or changed. */
  readonly memories: number;
  readonly conflicts: readonly ImportConflict[];
  /** Edges that were left out: `a -> b: why`. */
  readonly skippedDependencies: readonly string[];
}

/**
 * Takes a parsed file into a database: all in one transaction, or nothing. The same file again changes nothing.
 * Throws UnreadableError `import.bad-line`, RefusedError `import.foreign-bead`.
 */
export async function importBeads(request: ImportRequest): Promise<ImportResult> {
  const { database, file, dryRun } = request;
  refuseForeign(request);
  const uuid7 = createUuid7(() => request.clock.now(), request.random);
  const work = async (sql: SqlSession): Promise<ImportResult> => {
    const scope = scopeOf(request, sql, uuid7);
    await checkWords(scope, file);
    const records = file.issues.map(({ record }) => record);
    const ids = records.map((record) => textAt(record, 'id'));
    const stored = new Map((await readRecords(sql, ids)).map((one) => [textAt(one.record, 'id'), one]));
    const plan = planImport(records, stored, request.rule);
    const memories = await changedMemories(sql, file.memories);
    const result = {
      created: plan.create.map((record) => textAt(record, 'id')),
      updated: plan.update.map(({ record }) => textAt(record, 'id')),
      unchanged: plan.unchanged,
      memories: memories.length,
      conflicts: plan.conflicts,
    };
    if (dryRun) return { ...result, skippedDependencies: [] };
    for (const record of plan.create) await createRecord(scope, record);
    for (const change of plan.update) await updateRecord(scope, change);
    const skippedDependencies = await writeEdges(scope, plan);
    for (const [key, value] of memories) await writeConfig(scope, MEMORY_PREFIX + key, value);
    await recomputeAll(scope);
    return { ...result, skippedDependencies };
  };
  // Done twice it is done once, so after a lost COMMIT it simply runs again.
  return database.transaction(work, { landed: async () => undefined });
}

function scopeOf(request: ImportRequest, sql: SqlSession, uuid7: () => string): WriteScope {
  const { database, prefix, clock, random, actor, routes } = request;
  return {
    database: database.name,
    prefix,
    sql,
    dialect: database.dialect,
    now: () => clock.now(),
    random,
    uuid7,
    routes: async () => routes,
    actor,
  };
}

/** A bead of another database would be written here and looked for there. */
function refuseForeign({ file, routes, database }: ImportRequest): void {
  for (const { line, record } of file.issues) {
    const route = routeOf(routes, textAt(record, 'id'));
    if (route === undefined || route.database === database.name) continue;
    throw new RefusedError({
      code: 'import.foreign-bead',
      message: `line ${line}: ${textAt(record, 'id')} belongs to the database '${route.database}', not to '${database.name}'`,
      hint: `Run the import there: bd -C <town>/${route.database} import <file>`,
    });
  }
}

/** Every status and type must be a word of this database. */
async function checkWords(scope: WriteScope, file: ParsedFile): Promise<void> {
  const seen = new Set<string>();
  for (const { line, record } of file.issues) {
    const [status, type] = [textAt(record, 'status'), textAt(record, 'issue_type')];
    if (seen.has(`${status} ${type}`)) continue;
    seen.add(`${status} ${type}`);
    try {
      await checkStatus(scope, status);
      await checkType(scope, type);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UnreadableError({
        code: 'import.bad-line',
        message: `line ${line}: ${error.message}`,
        hint: `${error.hint ?? ''}; add one with bd config set types.custom or status.custom`,
      });
    }
  }
}

async function changedMemories(
  sql: SqlSession,
  memories: ReadonlyMap<string, string>,
): Promise<readonly (readonly [string, string])[]> {
  if (memories.size === 0) return [];
  const rows = await sql.query('SELECT `key`, value FROM config');
  const present = new Map(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
  return [...memories].filter(([key, value]) => present.get(MEMORY_PREFIX + key) !== value);
}
