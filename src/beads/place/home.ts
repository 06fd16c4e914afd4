import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { NotFoundError, UnreadableError, UsageError } from '../../core/errors.ts';
import type { Files } from '../../ports/files.ts';
import { lookForTown } from '../../town/find.ts';
import { readJsonFile, type JsonObject } from '../../town/json-file.ts';
import { townPaths } from '../../town/layout.ts';
import { readDoltHome, type DoltHome } from './dolt-home.ts';
import { mainWorktreeOf } from './main-worktree.ts';

/** Where `bd` works: the ledger of a town, or one of a folder without a town. */
export type BeadsHome = {
  /** The `.beads` folder whose redirect led here. */ readonly redirectedFrom?: string;
} & (
  | {
      readonly kind: 'town';
      readonly root: string;
      /** The `.beads` folder that led here; undefined when there is none. */
      readonly dir: string | undefined;
      /** Databases that the way here names, best first; the first that the town has is meant. */
      readonly databases: readonly string[];
    }
  | {
      readonly kind: 'sqlite';
      readonly dir: string;
      /** Folder of the database file. */
      readonly folder: string;
      readonly database: string;
    }
  | DoltHome
);

export interface HomeSearch {
  readonly files: Files;
  /** Absolute; '' when the folder was deleted. */
  readonly cwd: string;
  /** The caller named the folder (-C): it must be there. */
  readonly isNamed?: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** A database file named by the caller. */
  readonly file?: string;
}

const MAX_HOPS = 3;

/**
 * BEADS_DIR, else the nearest `.beads` upward, then its redirect, then metadata.json; inside a town the town's own
 * files decide (DESIGN §2a). Throws NotFoundError `beads.no-database`, RefusedError `beads.embedded-dolt`.
 */
export async function findBeadsHome(search: HomeSearch): Promise<BeadsHome> {
  if (search.isNamed === true) await refuseNoFolder(search);
  if (search.file !== undefined) return namedFile(search, search.file);
  const start = await startingFolder(search);
  if (start === undefined) {
    const root = await lookForTown(search);
    if (root === undefined) throw noDatabase();
    return { kind: 'town', root, dir: undefined, databases: foldersBelow(root, search.cwd) };
  }
  const dir = await followRedirects(search.files, start);
  if (dir !== start && (await search.files.stat(dir)) === undefined) throw lostRedirect(start, dir);
  const own = await readMetadata(search.files, start);
  const final = dir === start ? own : await readMetadata(search.files, dir);
  const redirected = dir === start ? {} : { redirectedFrom: start };
  const root = await lookForTown({ ...search, cwd: dirname(dir), env: {} });
  if (root !== undefined) {
    const databases = [own, final].flatMap(databaseNames).concat(foldersBelow(root, dir));
    return { kind: 'town', root, dir, databases: [...new Set(databases)], ...redirected };
  }
  return { ...(await standaloneHome(search, dir, final)), ...redirected };
}

async function refuseNoFolder({ files, cwd }: HomeSearch): Promise<void> {
  if ((await files.stat(cwd))?.kind === 'dir') return;
  throw new NotFoundError({
    code: 'files.not-found',
    message: `there is no folder ${cwd}`,
    hint: 'Run: bd where',
  });
}

async function namedFile({ files, cwd }: HomeSearch, file: string): Promise<BeadsHome> {
  const path = resolve(cwd || '/', file);
  if (!path.endsWith('.db')) {
    throw new UsageError({
      code: 'flag.bad-value',
      message: `${path} cannot be the database: its name must end with .db`,
      hint: 'Run: bd where',
    });
  }
  if ((await files.stat(path)) !== undefined) return (await townOfFile(files, path)) ?? fileHome(path);
  throw new NotFoundError({
    code: 'files.not-found',
    message: `there is no file ${path}`,
    hint: 'Run: bd where',
  });
}

/** A town's own database by its file: the town's rules hold all the same (who acts, where ids lead). */
async function townOfFile(files: Files, path: string): Promise<BeadsHome | undefined> {
  const root = await lookForTown({ files, cwd: dirname(path), env: {} });
  if (root === undefined || dirname(path) !== townPaths(root).storeDir) return undefined;
  return { kind: 'town', root, dir: undefined, databases: [basename(path, '.db')] };
}

function fileHome(path: string): BeadsHome {
  return { kind: 'sqlite', dir: dirname(path), folder: dirname(path), database: basename(path, '.db') };
}

async function startingFolder({ files, cwd, env }: HomeSearch): Promise<string | undefined> {
  const named = env['BEADS_DIR'];
  if (named !== undefined && named !== '') return resolve(cwd || '/', named);
  if (cwd === '') return undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, '.beads');
    const isThere = (await files.stat(candidate))?.kind === 'dir';
    if (isThere && (await hasDatabase(files, candidate))) return candidate;
    const main = await mainWorktreeOf(files, folder);
    const shared = main === undefined ? undefined : join(main, '.beads');
    if (shared !== undefined && (await hasDatabase(files, shared))) return shared;
    if (isThere) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** A `.beads` that git checked out has its settings but not its database: in a worktree the main one is meant. */
async function hasDatabase(files: Files, dir: string): Promise<boolean> {
  if ((await files.stat(join(dir, 'redirect'))) !== undefined) return true;
  const doc = await readMetadata(files, dir);
  if (doc?.['backend'] === 'dolt' || doc?.['database'] === 'dolt') return true;
  return (await files.stat(resolve(dir, textOf(doc, 'sqlite_path') ?? 'beads.db'))) !== undefined;
}

/** The last folder of a chain of redirect files; a loop or a fourth hop ends where it is noticed. */
async function followRedirects(files: Files, start: string): Promise<string> {
  const seen = new Set([start]);
  let dir = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const line = ((await files.readText(join(dir, 'redirect'))) ?? '')
      .split('\n')
      .map((text) => text.trim())
      .find((text) => text !== '' && !text.startsWith('#'));
    if (line === undefined) return dir;
    const next = resolve(dirname(dir), line);
    if (seen.has(next)) return dir;
    seen.add(next);
    dir = next;
  }
  return dir;
}

/** Throws UnreadableError `file.corrupt`. */
async function readMetadata(files: Files, dir: string): Promise<JsonObject | undefined> {
  try {
    return await readJsonFile(files, join(dir, 'metadata.json'));
  } catch (error) {
    if (!(error instanceof UnreadableError) || error.code !== 'file.corrupt') throw error;
    throw new UnreadableError({
      code: 'file.corrupt',
      message: error.message,
      hint: 'Restore it from a backup, or move it away and run: bd init (the beads are in the database)',
    });
  }
}

/** The redirecting side's own database is kept: its prefix decides where new beads go. */
function databaseNames(doc: JsonObject | undefined): readonly string[] {
  const names = [doc?.['sqlite_database'], doc?.['dolt_database']];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}

/** First folder below the town's root: the rig that the path lies in. */
function foldersBelow(root: string, path: string): readonly string[] {
  const [first = ''] = path === '' ? [] : relative(root, path).split(sep);
  return first === '' || first === '..' || first === '.beads' ? [] : [first];
}

async function standaloneHome(
  { files, env }: HomeSearch,
  dir: string,
  doc: JsonObject | undefined,
): Promise<BeadsHome> {
  if (doc?.['backend'] === 'dolt' || doc?.['database'] === 'dolt') {
    return readDoltHome({ files, env, dir, doc });
  }
  const path = resolve(dir, textOf(doc, 'sqlite_path') ?? 'beads.db');
  if ((await files.stat(path)) === undefined) throw noDatabase();
  return { ...fileHome(path), dir };
}

function textOf(doc: JsonObject | undefined, key: string): string | undefined {
  const value = doc?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function lostRedirect(start: string, dir: string): NotFoundError {
  return new NotFoundError({
    code: 'beads.no-database',
    message: `${join(start, 'redirect')} leads to ${dir}, which is not there`,
    hint: 'Correct the path in that file, or remove the file',
  });
}

function noDatabase(): NotFoundError {
  return new NotFoundError({
    code: 'beads.no-database',
    message: 'no beads database found',
    hint: 'Run: bd init   (or go to a folder of your town)',
  });
}
