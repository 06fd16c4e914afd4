import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import { lookForTown } from '../town/find.ts';
import { readJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';

/** Where `bd` works: the ledger of a town, or one of a folder without a town. */
export type BeadsHome =
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
  | {
      readonly kind: 'dolt';
      readonly dir: string;
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
    };

export interface HomeSearch {
  readonly files: Files;
  /** Absolute; '' when the folder was deleted. */
  readonly cwd: string;
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
  if (search.file !== undefined) return fileHome(resolve(search.cwd || '/', search.file));
  const start = await startingFolder(search);
  if (start === undefined) {
    const root = await lookForTown(search);
    if (root === undefined) throw noDatabase();
    return { kind: 'town', root, dir: undefined, databases: foldersBelow(root, search.cwd) };
  }
  const dir = await followRedirects(search.files, start);
  const own = await readMetadata(search.files, start);
  const final = dir === start ? own : await readMetadata(search.files, dir);
  const root = await lookForTown({ ...search, cwd: dirname(dir), env: {} });
  if (root !== undefined) {
    const databases = [own, final].flatMap(databaseNames).concat(foldersBelow(root, dir));
    return { kind: 'town', root, dir, databases: [...new Set(databases)] };
  }
  return standaloneHome(search, dir, final);
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
    if ((await files.stat(candidate))?.kind === 'dir') return candidate;
    if (dirname(folder) === folder) return undefined;
  }
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

function readMetadata(files: Files, dir: string): Promise<JsonObject | undefined> {
  return readJsonFile(files, join(dir, 'metadata.json'));
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
  if (doc?.['backend'] === 'dolt' || doc?.['database'] === 'dolt') return doltHome(env, dir, doc);
  const path = resolve(dir, textOf(doc, 'sqlite_path') ?? 'beads.db');
  if ((await files.stat(path)) === undefined) throw noDatabase();
  return { ...fileHome(path), dir };
}

function doltHome(env: HomeSearch['env'], dir: string, doc: JsonObject): BeadsHome {
  const mode = textOf(doc, 'dolt_mode') ?? 'embedded';
  if (mode !== 'server') {
    throw new RefusedError({
      code: 'beads.embedded-dolt',
      message: `${dir} holds an ${mode} Dolt database, which only the program that made it can open`,
      hint: 'Use a Dolt server: set dolt_mode to "server" in its metadata.json',
    });
  }
  const written = doc['dolt_server_port'];
  const port =
    env['BEADS_DOLT_SERVER_PORT'] ?? env['BEADS_DOLT_PORT'] ?? (typeof written === 'number' ? written : 3307);
  return {
    kind: 'dolt',
    dir,
    host: env['BEADS_DOLT_SERVER_HOST'] ?? textOf(doc, 'dolt_server_host') ?? '127.0.0.1',
    port: Number(port),
    user: textOf(doc, 'dolt_server_user') ?? 'root',
    password: env['BEADS_DOLT_PASSWORD'] ?? '',
    database: env['BEADS_DOLT_SERVER_DATABASE'] ?? textOf(doc, 'dolt_database') ?? 'beads',
  };
}

function textOf(doc: JsonObject | undefined, key: string): string | undefined {
  const value = doc?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function noDatabase(): NotFoundError {
  return new NotFoundError({
    code: 'beads.no-database',
    message: 'no beads database found',
    hint: 'Run: bd init   (or go to a folder of your town)',
  });
}
