import type { Sha } from '../../core/names.ts';
import { shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';

export interface Tip {
  /** The branch, or `HEAD`. */
  readonly name: string;
  readonly sha: Sha;
}

/** Tips of local branches, and first `head`, with commits that no remote-tracking ref reaches. */
export async function unpublishedTips(
  git: GitRunner,
  path: string,
  head: Sha | undefined,
): Promise<readonly Tip[]> {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const refs = await git.output(path, ['for-each-ref', format, 'refs/heads/']);
  const branches = refs
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha: shaOf(line.split(' ', 1)[0] ?? ''), name: line.slice(line.indexOf(' ') + 1) }));
  const tips = [...(head === undefined ? [] : [{ name: 'HEAD', sha: head }]), ...branches];
  if (tips.length === 0) return [];
  const shas = tips.map(({ sha }) => sha);
  const missing = await git.output(path, ['rev-list', ...shas, '--not', '--remotes', '--']);
  const unpublished = new Set(missing.split('\n'));
  return tips.filter(({ sha }) => unpublished.has(sha));
}
