import { constants } from 'node:fs';
import { copyFile, cp, lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fieldsOf } from './parse.ts';
import { gitFailed, lastLine, type GitRunner } from './run.ts';

/** Copies ignored files of another worktree that its pattern file names; git decides both questions. */
export async function copyIgnored(
  git: GitRunner,
  path: string,
  { from, patternFile }: { readonly from: string; readonly patternFile: string },
): Promise<readonly string[]> {
  const patterns = join(from, patternFile);
  if (!(await isThere(patterns))) return [];
  const args = ['ls-files', '-z', '--others', '--ignored', `--exclude-from=${patterns}`];
  const named = fieldsOf(await git.output(from, args));
  const copied: string[] = [];
  for (const file of await ignoredIn(git, path, named)) {
    if (await copyOne(join(from, file), join(path, file))) copied.push(file);
  }
  return copied;
}

/** `check-ignore` says by exit 1 that none is. */
async function ignoredIn(git: GitRunner, path: string, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const args = ['check-ignore', '-z', '--stdin'];
  const input = files.map((file) => `${file}\0`).join('');
  const { code, stdout, stderr } = await git.ask({ repo: path, args, input });
  if (code > 1) throw gitFailed(args, lastLine(stderr));
  return fieldsOf(stdout);
}

/** False when something is there already, or what is to be copied is neither a file nor a link. */
async function copyOne(from: string, to: string): Promise<boolean> {
  const stats = await lstat(from);
  if ((await isThere(to)) || !(stats.isFile() || stats.isSymbolicLink())) return false;
  await mkdir(dirname(to), { recursive: true });
  if (stats.isSymbolicLink()) await cp(from, to, { verbatimSymlinks: true });
  // A copy on write where the file system can: node_modules cost nothing then.
  else await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
