import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { readIdentity } from '../../../beads/content/identity.ts';
import { findBeadsHome, type BeadsHome } from '../../../beads/place/home.ts';
import { mainWorktreeOf } from '../../../beads/place/main-worktree.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { GtError, NotFoundError, RefusedError } from '../../../core/errors.ts';
import { parsePrefix } from '../../../core/names.ts';
import type { Files } from '../../../ports/files.ts';
import type { Database } from '../../../ports/store.ts';
import { writeBeadsFolder } from '../../../town/beads-files.ts';
import { lookForTown } from '../../../town/find.ts';
import { readJsonFile } from '../../../town/json-file.ts';
import { searchOf } from '../open.ts';

export const schema = z.object({
  path: z.string(),
  prefix: z.string(),
  database_path: z.string(),
  created: z.boolean(),
});

const DATABASE = 'beads';

/** What stays on this machine: the rest of `.beads` may be committed. */
const GITIGNORE = [
  '# Of this machine only',
  `${DATABASE}.db*`,
  '*.lock',
  'redirect',
  'last-touched',
  '.local_version',
  'interactions.jsonl',
  'backup/',
  'locks/',
  '',
].join('\n');

/**
 * Makes `.beads/beads.db` in this folder; where it is already, completes its files and changes nothing else.
 * Throws RefusedError `beads.in-town` `beads.exists` `config.fixed`.
 */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { files, random } = app.machine;
  const folder = resolve(app.cwd || '/', searchOf(app, input).cwd);
  const dir = join(folder, '.beads');
  const wanted = input.flag('prefix');
  await refuseMissing(files, folder);
  await refuseTown(app, folder);
  const known = await readOwnMetadata(files, dir);
  await refuseShadowing(app, folder, dir);
  const databasePath = join(dir, `${DATABASE}.db`);
  const created = (await files.stat(databasePath)) === undefined;
  const store = await app.storeAt({ kind: 'sqlite', folder: dir });
  if (created) {
    const chosen = wanted ?? (await writtenPrefix(files, dir)) ?? prefixFromFolder(folder);
    const identity = { prefix: parsePrefix(chosen), projectId: known ?? random.uuid() };
    await files.makeDir(dir, { mode: 0o700 });
    await store.create(DATABASE, identity);
  }
  // Asked even of a new one: another process may have been faster.
  const { prefix, projectId } = await identityAs(await store.open(DATABASE), wanted);
  await writeBeadsFolder(files, dir, { dir, database: DATABASE, prefix, projectId, store: 'sqlite' });
  await writeIgnore(files, dir);
  const hasExport = (await files.stat(join(dir, 'issues.jsonl'))) !== undefined;
  return {
    data: { path: dir, prefix, database_path: databasePath, created },
    text: created ? welcome(dir, prefix, hasExport) : `Already set up: ${dir}, ids begin with ${prefix}-`,
  };
}

function welcome(dir: string, prefix: string, hasExport: boolean): string {
  return [
    `Beads (issues) are kept in ${dir}, ids begin with ${prefix}-`,
    '',
    'Next:',
    ...(hasExport ? ['  bd import .beads/issues.jsonl  take over the beads of the export that is here'] : []),
    '  bd create "<what is to do>"    write down a piece of work',
    '  bd ready                       see what can be started',
    '  bd setup claude                let your coding agent use it (bd setup --list: others)',
    '  bd quickstart                  the whole tour on one screen',
  ].join('\n');
}

async function refuseMissing(files: Files, folder: string): Promise<void> {
  if ((await files.realPath(folder)) !== undefined) return;
  throw new NotFoundError({ code: 'files.not-found', message: `there is no folder ${folder}` });
}

async function refuseTown(app: AppContext, folder: string): Promise<void> {
  const root = await lookForTown({ files: app.machine.files, cwd: folder, env: {} });
  if (root === undefined) return;
  throw new RefusedError({
    code: 'beads.in-town',
    message: `${folder} lies in the town ${root}, which has its ledger already`,
    hint: 'Run: gt rig add <name> <git-url>   (or bd where)',
  });
}

/** The project id of our own earlier set-up; what another program keeps in `.beads` is never taken over. */
async function readOwnMetadata(files: Files, dir: string): Promise<string | undefined> {
  const doc = await readJsonFile(files, join(dir, 'metadata.json'));
  const isOurs = doc === undefined || doc['backend'] === 'gt-sqlite';
  const isElsewhere = doc?.['sqlite_path'] !== undefined && doc['sqlite_path'] !== `${DATABASE}.db`;
  if (!isOurs || isElsewhere) throw exists(dirname(dir), join(dir, 'metadata.json'));
  for (const name of ['redirect', 'dolt', 'embeddeddolt']) {
    if ((await files.stat(join(dir, name))) !== undefined) throw exists(dirname(dir), join(dir, name));
  }
  const id = doc?.['project_id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function exists(folder: string, path: string): RefusedError {
  return new RefusedError({
    code: 'beads.exists',
    message: `${folder} has beads already: ${path} exists`,
    hint: 'Run: bd where',
  });
}

/** A second database below one that is in use here would hide it. Another git repository is another place. */
async function refuseShadowing(app: AppContext, folder: string, dir: string): Promise<void> {
  const home = await findExisting(app, folder);
  if (home === undefined || home.kind === 'town' || home.dir === dir) return;
  const root = await repositoryOf(app.machine.files, folder);
  const owner = dirname(home.dir);
  const isShared = root !== undefined && (await mainWorktreeOf(app.machine.files, root)) === owner;
  if (root !== undefined && !isShared && !`${owner}/`.startsWith(`${root}/`)) return;
  throw exists(owner, home.dir);
}

async function findExisting(app: AppContext, cwd: string): Promise<BeadsHome | undefined> {
  try {
    return await findBeadsHome({ files: app.machine.files, cwd, env: {} });
  } catch (error) {
    if (error instanceof GtError && error.code === 'beads.no-database') return undefined;
    throw error;
  }
}

async function repositoryOf(files: Files, start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await files.stat(join(folder, '.git'))) !== undefined) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** What the database says of itself: all its ids carry its prefix. */
async function identityAs(database: Database, wanted: string | undefined) {
  const { prefix, projectId } = await readIdentity(database);
  if (wanted === undefined || parsePrefix(wanted) === prefix) return { prefix, projectId };
  throw new RefusedError({
    code: 'config.fixed',
    message: `the prefix here is ${prefix} and every id carries it`,
    hint: 'Run: bd init   (without --prefix)',
  });
}

/** After a clone the settings are there and the database is not. */
async function writtenPrefix(files: Files, dir: string): Promise<string | undefined> {
  const text = (await files.readText(join(dir, 'config.yaml'))) ?? '';
  return /^(?:issue-)?prefix:\s*"?([A-Za-z][\w-]*)"?\s*$/m.exec(text)?.[1];
}

async function writeIgnore(files: Files, dir: string): Promise<void> {
  const path = join(dir, '.gitignore');
  const text = (await files.readText(path)) ?? '';
  if (text.split('\n').includes(`${DATABASE}.db*`)) return;
  await files.writeAtomic(path, text === '' ? GITIGNORE : `${text.trimEnd()}\n${GITIGNORE}`);
}

/** `My Project` → `my-project`; a folder without letters gives `bd`. */
function prefixFromFolder(folder: string): string {
  const words = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return words.slice(0, 20).replace(/-+$/, '') || 'bd';
}
