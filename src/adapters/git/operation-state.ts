import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import { OPERATION_FILES, operationIn } from './operations.ts';
import { shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';
import { openScratchIndex } from './scratch-index.ts';
import { hashFiles } from './hash-files.ts';

/** What a rebase, merge … under way keeps in the git directory. */
export interface OperationState {
  readonly operation: string;
  /** The files, under the names they have there. */
  readonly tree: Sha;
  /** Commits these files name: the branch before the rebase, the other side of the merge, an autostash. */
  readonly commits: readonly Sha[];
}

export async function readOperationState(
  git: GitRunner,
  path: string,
  gitDir: string,
): Promise<OperationState | undefined> {
  const operation = await operationIn(gitDir);
  if (operation === undefined) return undefined;
  const files = (await Promise.all(OPERATION_FILES.map((name) => filesUnder(gitDir, name)))).flat();
  const contents = await Promise.all(files.map((file) => readFile(join(gitDir, file), 'latin1')));
  const ids = new Set(contents.flatMap((text) => text.match(OBJECT_ID) ?? []));
  await using scratch = await openScratchIndex(git, path, { gitDir, start: 'empty' });
  const hashes = await hashFiles(
    git,
    path,
    files.map((file) => join(gitDir, file)),
  );
  await scratch.change(
    files.map((file, at) => ({ path: file, entry: { mode: '100644', sha: hashes[at] ?? '' } })),
  );
  return { operation, tree: await scratch.writeTree(), commits: await commitsAmong(git, path, [...ids]) };
}

const OBJECT_ID = /\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g;

async function filesUnder(gitDir: string, name: string): Promise<readonly string[]> {
  const stats = await stat(join(gitDir, name)).catch(() => undefined);
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [name];
  const entries = await readdir(join(gitDir, name), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(gitDir.length + 1));
}

/** Of ids found in text, those that are commits here; commits that others of them contain are left out. */
async function commitsAmong(git: GitRunner, path: string, ids: readonly string[]): Promise<readonly Sha[]> {
  if (ids.length === 0) return [];
  const format = '--batch-check=%(objectname) %(objecttype)';
  const text = await git.output(path, ['cat-file', format], { input: `${ids.join('\n')}\n` });
  const commits = text.split('\n').flatMap((line) => /^([0-9a-f]+) commit$/.exec(line)?.[1] ?? []);
  if (commits.length < 2) return commits.map(shaOf);
  const independent = await git.output(path, ['merge-base', '--independent', ...commits]);
  return independent.trim().split('\n').map(shaOf);
}
