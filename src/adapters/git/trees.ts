import type { Sha } from '../../core/names.ts';
import { shaOf } from './parse.ts';
import type { QuotedPath } from './quoted.ts';
import { words, type GitRunner } from './run.ts';
import type { IndexChange } from './scratch-index.ts';

/** How two trees differ, as what makes the first one the second. Paths stay as git quotes them. */
export async function treeDiff(
  git: GitRunner,
  repo: string,
  { from, to }: { readonly from: Sha; readonly to: Sha },
): Promise<readonly IndexChange[]> {
  const options = words('-r --raw --no-renames --no-abbrev --ignore-submodules=none --end-of-options');
  const text = await git.output(repo, ['diff-tree', ...options, from, to]);
  return text
    .split('\n')
    .filter((line) => line.startsWith(':'))
    .map(parseRaw);
}

/** `:<old mode> <mode> <old sha> <sha> <letter><TAB><path>` */
function parseRaw(line: string): IndexChange {
  const tab = line.indexOf('\t');
  const [, mode = '', , sha = '', letter] = line.slice(0, tab).split(' ');
  const path: QuotedPath = line.slice(tab + 1);
  return letter === 'D' ? { path } : { path, entry: { mode, sha } };
}

export async function treeOf(git: GitRunner, path: string, commit: Sha): Promise<Sha> {
  return shaOf(await git.output(path, ['rev-parse', '--verify', `${commit}^{tree}`]));
}

export async function emptyTree(git: GitRunner, path: string): Promise<Sha> {
  return shaOf(await git.output(path, ['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' }));
}
