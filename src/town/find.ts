import { dirname, join } from 'node:path';
import { NotFoundError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';

export interface TownSearch {
  readonly files: Files;
  /** Absolute, symlinks kept; '' when the folder was deleted. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The root of the town that a command acts on. NotFoundError `town.not-found`.
 */
export async function findTown(search: TownSearch): Promise<string> {
  const root = await lookForTown(search);
  if (root !== undefined) return root;
  throw new NotFoundError({
    code: 'town.not-found',
    message: 'not in a Gas Town workspace',
    hint: 'Run: gt install ~/gt, or go to a folder of your town',
  });
}

/**
 * The outermost folder from `cwd` upward with mayor/town.json (a rig may hold the repository of another town),
 * then GT_TOWN_ROOT, GT_ROOT, then the outermost folder with a bare mayor/ (a town whose file was lost).
 */
export async function lookForTown({ files, cwd, env }: TownSearch): Promise<string | undefined> {
  const upward = cwd === '' ? [] : foldersUpward(cwd);
  const marked = await outermost(upward, (folder) => isTown(files, folder));
  if (marked !== undefined) return marked;
  for (const name of ['GT_TOWN_ROOT', 'GT_ROOT']) {
    const root = env[name];
    if (root !== undefined && root !== '' && (await isTown(files, root)))
      return root.replace(/(?<=.)\/+$/, '');
  }
  return outermost(upward, (folder) => hasOwnMayor(files, folder));
}

/** A folder and its parents, the outermost first. */
function foldersUpward(cwd: string): readonly string[] {
  const folders = [cwd];
  for (let folder = cwd; dirname(folder) !== folder; folder = dirname(folder)) folders.push(dirname(folder));
  return folders.reverse();
}

async function outermost(
  folders: readonly string[],
  matches: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const folder of folders) {
    if (await matches(folder)) return folder;
  }
  return undefined;
}

async function isTown(files: Files, folder: string): Promise<boolean> {
  return (await files.stat(join(folder, 'mayor/town.json'))) !== undefined;
}

/** `mayor/` with the registry in it: any folder may be called mayor. */
async function hasOwnMayor(files: Files, folder: string): Promise<boolean> {
  return (await files.stat(join(folder, 'mayor/rigs.json'))) !== undefined;
}
