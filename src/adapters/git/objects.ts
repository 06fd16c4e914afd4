import type { Sha } from '../../core/names.ts';
import type {
  ChangedPath,
  GitCommit,
  GitObjects,
  GitRef,
  GitSignature,
  MergeOutcome,
  NewCommit,
  RefChange,
} from '../../ports/git.ts';
import { readCommits, readLog } from './log.ts';
import { fieldsOf, parseNameStatuses, shaOf } from './parse.ts';
import { gitFailed, lastLine, words, type GitRunner } from './run.ts';

/** Objects and refs of one repository through the git program. */
export function createGitObjects(git: GitRunner): GitObjects {
  return {
    resolve: (repo, rev) => resolveCommit(git, repo, rev),
    listRefs: (repo, prefix) => listRefs(git, repo, prefix),
    updateRef: (repo, ref, change) => updateRef(git, repo, { ref, ...change }),
    updateRefs: (repo, changes) => updateRefs(git, repo, changes),
    commit: (repo, sha) => readCommit(git, repo, sha),
    log: (repo, range) => readLog(git, repo, range),
    mergeBase: async (repo, a, b) => {
      const args = ['merge-base', a, b];
      const { code, stdout, stderr } = await git.ask({ repo, args });
      // 1 = looked, and they share no history.
      if (code > 1) throw gitFailed(args, lastLine(stderr));
      return code === 1 ? undefined : shaOf(stdout);
    },
    mergeTree: (repo, ours, theirs) => mergeTree(git, repo, { ours, theirs }),
    commitTree: (repo, commit) => commitTree(git, repo, commit),
    changedPaths: (repo, pairs) => changedPaths(git, repo, pairs),
    missingPatches: async (repo, upstream, head) =>
      (await git.output(repo, ['cherry', upstream, head]))
        .split('\n')
        .filter((line) => line.startsWith('+ '))
        .map((line) => shaOf(line.slice(2))),
  };
}

/** The commit `rev` names; also used by the other parts of this adapter. */
export async function resolveCommit(git: GitRunner, repo: string, rev: string): Promise<Sha | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`];
  const { code, stdout, stderr } = await git.ask({ repo, args });
  if (code === 0) return shaOf(stdout);
  // With --quiet a name that means nothing ends without a word; words mean that git could not look.
  if (stderr.trim() !== '' && !stderr.includes('expected commit type'))
    throw gitFailed(args, lastLine(stderr));
  return undefined;
}

export async function readCommit(git: GitRunner, repo: string, sha: Sha): Promise<GitCommit> {
  const [commit] = await readCommits(git, repo, ['--no-walk', sha]);
  if (commit === undefined) throw gitFailed(['rev-list'], `${sha} is not a commit`);
  return commit;
}

async function listRefs(
  git: GitRunner,
  repo: string,
  prefix: string | readonly string[],
): Promise<readonly GitRef[]> {
  const prefixes = [prefix].flat();
  // Without a pattern git lists them all.
  if (prefixes.length === 0) return [];
  const format = '--format=%(refname)%00%(objectname)';
  const text = await git.output(repo, ['for-each-ref', format, '--', ...prefixes]);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', sha = ''] = line.split('\0');
      return { name, sha: shaOf(sha) };
    });
}

async function updateRef(git: GitRunner, repo: string, change: RefChange): Promise<boolean> {
  const { ref, to, from } = change;
  const zeros = '0'.repeat((to ?? from ?? '').length === 64 ? 64 : 40);
  const expected = from === 'any' ? [] : [from ?? zeros];
  const args = ['update-ref', ...(to === undefined ? ['-d', ref] : [ref, to]), ...expected];
  const { code, stderr } = await git.ask({ repo, args });
  if (code === 0) return true;
  if (from === 'any' || (await valueOf(git, repo, ref)) === from) throw gitFailed(args, lastLine(stderr));
  return false;
}

/** One transaction; when something is in its way, one by one. */
async function updateRefs(git: GitRunner, repo: string, changes: readonly RefChange[]): Promise<void> {
  if (changes.length === 0) return;
  const input = changes.map((change) => `${instructionOf(change)}\n`).join('');
  const { code } = await git.ask({ repo, args: ['update-ref', '--stdin'], input });
  if (code === 0) return;
  for (const change of changes) await updateRef(git, repo, change);
}

function instructionOf({ ref, to, from }: RefChange): string {
  const zeros = '0'.repeat((to ?? '').length === 64 ? 64 : 40);
  const expected = from === 'any' ? '' : ` ${from ?? zeros}`;
  return to === undefined ? `delete ${ref}${expected}` : `update ${ref} ${to}${expected}`;
}

async function valueOf(git: GitRunner, repo: string, ref: string): Promise<Sha | undefined> {
  return (await listRefs(git, repo, ref)).find(({ name }) => name === ref)?.sha;
}

/** One process for all pairs: a commit, then what counts as its parent. `--always`: a pair without changes has its line too. */
async function changedPaths(
  git: GitRunner,
  repo: string,
  pairs: Parameters<GitObjects['changedPaths']>[1],
): Promise<readonly (readonly ChangedPath[])[]> {
  if (pairs.length === 0) return [];
  const options = words('--stdin -r -z --always --no-renames --name-status --ignore-submodules=none');
  const input = pairs.map(({ from, to }) => `${to} ${from}\n`).join('');
  const found = parseNameStatuses(await git.output(repo, ['diff-tree', ...options], { input }));
  // An id that is no commit is passed over without a word.
  if (found.length !== pairs.length) throw gitFailed(['diff-tree'], 'not every commit is there');
  return found;
}

/** git 2.38-2.39: no --merge-base. Directory renames are off, so that a merge moves no path its parents did not. */
async function mergeTree(
  git: GitRunner,
  repo: string,
  sides: { readonly ours: Sha; readonly theirs: Sha },
): Promise<MergeOutcome> {
  const settings = ['-c', 'merge.directoryRenames=false', '-c', 'merge.renames=true'];
  const options = ['--write-tree', '-z', '--name-only', '--no-messages'];
  const args = [...settings, 'merge-tree', ...options, sides.ours, sides.theirs];
  const { code, stdout, stderr } = await git.ask({ repo, args });
  const [tree = '', ...conflicts] = fieldsOf(stdout);
  // 1 = conflicts, but also what git could not merge at all (an id that is no commit): then it names no tree.
  if (code > 1 || tree === '') throw gitFailed(args, lastLine(stderr));
  return code === 0 ? { merged: true, tree: shaOf(tree) } : { merged: false, conflicts };
}

async function commitTree(git: GitRunner, repo: string, commit: NewCommit): Promise<Sha> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const args = ['commit-tree', '--no-gpg-sign', commit.tree, ...parents];
  const input = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`;
  const env = { ...signatureEnv('AUTHOR', commit.author), ...signatureEnv('COMMITTER', commit.committer) };
  return shaOf(await git.output(repo, args, { input, env }));
}

/** GIT_AUTHOR_* or GIT_COMMITTER_*; without `at` git takes the time. */
export function signatureEnv(
  who: 'AUTHOR' | 'COMMITTER',
  signature: Omit<GitSignature, 'at'> & { readonly at?: number },
): Readonly<Record<string, string>> {
  return {
    [`GIT_${who}_NAME`]: signature.name,
    [`GIT_${who}_EMAIL`]: signature.email,
    ...(signature.at === undefined ? {} : { [`GIT_${who}_DATE`]: `@${signature.at} +0000` }),
  };
}
