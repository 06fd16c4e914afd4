import { readlink } from 'node:fs/promises';
import type { Sha } from '../../core/names.ts';
import { shaOf } from './parse.ts';
import { bytesUnder, type QuotedPath } from './quoted.ts';
import type { GitRunner } from './run.ts';

/** Writes a link as git keeps it: an object with the target as its content. */
export async function hashLink(git: GitRunner, path: string, link: QuotedPath): Promise<Sha> {
  const input = await readlink(bytesUnder(path, link), 'buffer');
  return shaOf(await git.output(path, ['hash-object', '-w', '--stdin'], { input }));
}

/** Writes the files as objects, as they are on disk; the answer is in the order of the question. */
export async function hashFiles(
  git: GitRunner,
  path: string,
  files: readonly QuotedPath[],
): Promise<readonly Sha[]> {
  if (files.length === 0) return [];
  const args = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  const text = await git.output(path, args, { input: files.map((file) => `${file}\n`).join('') });
  return text.trim().split('\n').map(shaOf);
}
