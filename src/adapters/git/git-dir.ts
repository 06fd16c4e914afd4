import type { GitRunner } from './run.ts';

/** The git directory of this worktree alone (`…/worktrees/<id>` of a linked one). */
export async function gitDirOf(git: GitRunner, path: string): Promise<string> {
  return (await git.output(path, ['rev-parse', '--absolute-git-dir'])).replace(/\n$/, '');
}
