import type { Sha } from '../../core/names.ts';
import { signatureEnv } from './objects.ts';
import { shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';

const SIGNATURE = { name: 'gt', email: 'gt@localhost' };

/** A parent of a snapshot and what it holds, for the message. */
export interface Part {
  readonly sha: Sha;
  readonly holds: string;
}

/** A commit over several others whose message says what each parent is: `^2 the index …`. */
export async function commitParts(
  git: GitRunner,
  path: string,
  commit: { readonly tree: Sha; readonly parts: readonly Part[]; readonly message: string },
): Promise<Sha> {
  // The first mention of a commit names it.
  const unique = commit.parts.filter(
    (part, at) => commit.parts.findIndex((other) => other.sha === part.sha) === at,
  );
  const legend = unique.map((part, at) => `^${at + 1} ${part.holds}\n`).join('');
  const parents = unique.flatMap(({ sha }) => ['-p', sha]);
  const message = commit.message.trimEnd();
  return shaOf(
    await git.output(path, ['commit-tree', '--no-gpg-sign', commit.tree, ...parents], {
      input: legend === '' ? `${message}\n` : `${message}\n\n${legend}`,
      env: { ...signatureEnv('AUTHOR', SIGNATURE), ...signatureEnv('COMMITTER', SIGNATURE) },
    }),
  );
}
