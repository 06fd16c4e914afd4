import type { Sha } from '../../core/names.ts';
import { shaOf } from './parse.ts';
import type { GitRunner } from './run.ts';

/** Tips of local branches, and `head`, with commits that no remote-tracking ref reaches. */
export async function unpublishedTips(
  git: GitRunner,
  path: string,
  head: Sha | undefined,
): Promise<readonly Sha[]> {
  const refs = await git.output(path, ['for-each-ref', '--format=%(objectname)', 'refs/heads/']);
  const tips = new Set([
    ...(head === undefined ? [] : [head]),
    ...refs.split('\n').filter(Boolean).map(shaOf),
  ]);
  if (tips.size === 0) return [];
  const missing = await git.output(path, ['rev-list', ...tips, '--not', '--remotes', '--']);
  const unpublished = new Set(missing.split('\n'));
  return [...tips].filter((tip) => unpublished.has(tip));
}
