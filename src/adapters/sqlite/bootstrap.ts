import { closeSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { dirname, join } from 'node:path';
import { insertStatement, seedRows, type SeedFacts } from '../sql-schema/seed.ts';
import { sqliteStatements } from '../sql-schema/sqlite-ddl.ts';
import { ledgerTables } from '../sql-schema/tables.ts';
import { viewStatements } from '../sql-schema/views.ts';

const DRAFT = '.creating-';
/** No creation takes this long: its creator was killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Makes a new database at `path` (0600, folder 0700), or leaves an existing one alone. It is built under another
 * name and then linked: nobody ever sees half a database, and of two creators one wins.
 */
export function bootstrapFile(path: string, facts: SeedFacts, durability: 'full' | 'none'): void {
  const dir = dirname(path);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  sweepDrafts(dir);
  const draft = join(dir, `${DRAFT}${randomBytes(8).toString('hex')}`);
  // SQLite gives its log files the rights of the main file; made first, none is ever readable by others.
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    fill(draft, facts, durability);
    linkUnlessThere(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function sweepDrafts(dir: string): void {
  for (const name of readdirSync(dir)) {
    const made = name.startsWith(DRAFT)
      ? statSync(join(dir, name), { throwIfNoEntry: false })?.mtimeMs
      : undefined;
    if (made !== undefined && Date.now() - made > ABANDONED_MS) rmSync(join(dir, name), { force: true });
  }
}

function fill(path: string, facts: SeedFacts, durability: 'full' | 'none'): void {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  try {
    // One transaction in the file itself, durable at close; WAL is a property of the file from then on.
    database.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'OFF'}; BEGIN IMMEDIATE`);
    for (const statement of ledgerTables.flatMap(sqliteStatements)) database.exec(statement);
    for (const view of viewStatements('CURRENT_TIMESTAMP')) database.exec(view);
    for (const seed of seedRows(facts)) {
      const { sql, values } = insertStatement(seed, 'INSERT');
      database.prepare(sql).run(...values);
    }
    database.exec('COMMIT; PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
