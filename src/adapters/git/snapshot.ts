import type { Sha } from '../../core/names.ts';
import { commitParts, type Part } from './commit-parts.ts';
import { adoptNested, type NestedContent } from './nested.ts';
import { resolveCommit } from './objects.ts';
import { shaOf } from './parse.ts';
import { HOLDS } from './legend.ts';
import { readOperationState } from './operation-state.ts';
import type { GitRunner } from './run.ts';
import { allStashes, readStashes } from './stashes.ts';
import { gitDirOf, isOwnGitDir } from './git-dir.ts';
import { unpublishedTips } from './unpublished.ts';
import { emptyTree, treeOf } from './trees.ts';
import { treesOf, type WorktreeTrees } from './worktree-tree.ts';

/**
 * One commit with everything that is in the worktree: its tree is the files on disk; its parents are HEAD, the
 * index, an operation under way, the stash entries and repositories inside; of a repository of its own (a clone, a
 * submodule) also unpublished branches. `git worktree add --detach <dir> <it>` gives the files back, `git show <it>`
 * says what each parent holds. Submodules are only noted by their commit: they are worktrees to be asked themselves.
 */
export async function takeSnapshot(git: GitRunner, path: string, message: string): Promise<Sha | undefined> {
  const facts = await readFacts(git, path);
  const head = facts.head === undefined ? [] : [{ sha: facts.head, holds: HOLDS.head }];
  const own = facts.isOwn ? await unpublishedTips(git, path, undefined) : [];
  const parts = [
    ...head,
    ...(await stateParts(git, path, facts)),
    ...own.map(({ sha, name }) => ({ sha, holds: HOLDS.branch(name) })),
  ];
  const others = parts.filter((part) => part.sha !== facts.head);
  if (others.length === 0 && facts.trees.files === facts.headTree) return undefined;
  return commitParts(git, path, { tree: facts.trees.files, parts, message });
}

interface Facts {
  readonly gitDir: string;
  readonly head: Sha | undefined;
  /** The empty one before the first commit. */
  readonly headTree: Sha;
  readonly isOwn: boolean;
  readonly trees: WorktreeTrees;
}

async function readFacts(git: GitRunner, path: string): Promise<Facts> {
  const gitDir = await gitDirOf(git, path);
  const { head, tree: headTree } = await headOf(git, path);
  return {
    gitDir,
    head,
    headTree,
    isOwn: await isOwnGitDir(gitDir),
    trees: await treesOf(git, path, {
      gitDir,
      headTree,
      adopt: (inside) => adoptNested(git, path, { path: inside, read: (inner) => readNested(git, inner) }),
    }),
  };
}

async function headOf(
  git: GitRunner,
  path: string,
): Promise<{ readonly head: Sha | undefined; readonly tree: Sha }> {
  const { code, stdout } = await git.ask({
    repo: path,
    args: ['rev-parse', '--quiet', 'HEAD^{commit}', 'HEAD^{tree}'],
  });
  const [head = '', tree = ''] = stdout.trim().split('\n');
  if (code === 0) return { head: shaOf(head), tree: shaOf(tree) };
  // Not born, or not readable: the exact question tells which.
  const sure = await resolveCommit(git, path, 'HEAD');
  return {
    head: sure,
    tree: sure === undefined ? await emptyTree(git, path) : await treeOf(git, path, sure),
  };
}

/** Of a repository inside: its files, and what is published nowhere. HEAD itself only when that is not. */
async function readNested(git: GitRunner, inner: string): Promise<NestedContent> {
  const facts = await readFacts(git, inner);
  const tips = await unpublishedTips(git, inner, facts.head);
  const state = await stateParts(git, inner, { ...facts, head: undefined });
  return {
    tree: facts.trees.files,
    parts: [
      ...tips.map(({ sha, name }) => ({ sha, holds: name === 'HEAD' ? HOLDS.head : HOLDS.branch(name) })),
      ...state,
    ],
  };
}

async function stateParts(git: GitRunner, path: string, facts: Facts): Promise<readonly Part[]> {
  const stashes = facts.isOwn
    ? (await allStashes(git, path)).map((entry) => entry.sha)
    : await readStashes(git, path);
  return [
    ...(await indexPart(git, path, facts)),
    ...(await operationPart(git, path, facts.gitDir)),
    ...stashes.map((sha, at) => ({ sha, holds: HOLDS.stash(at) })),
    ...facts.trees.nested.map((nested) => ({ sha: nested.sha, holds: HOLDS.clone(nested.path) })),
  ];
}

/** Needed only when something is staged: content that is neither in HEAD nor perhaps on disk. */
async function indexPart(git: GitRunner, path: string, facts: Facts): Promise<readonly Part[]> {
  if (facts.trees.index === facts.headTree) return [];
  const parts = facts.head === undefined ? [] : [{ sha: facts.head, holds: HOLDS.head }];
  const sha = await commitParts(git, path, { tree: facts.trees.index, parts, message: 'The index' });
  return [{ sha, holds: HOLDS.index }];
}

async function operationPart(git: GitRunner, path: string, gitDir: string): Promise<readonly Part[]> {
  const state = await readOperationState(git, path, gitDir);
  if (state === undefined) return [];
  const parts = state.commits.map((sha) => ({ sha, holds: 'a commit it names' }));
  const message = `State of the ${state.operation} under way`;
  const sha = await commitParts(git, path, { tree: state.tree, parts, message });
  return [{ sha, holds: HOLDS.operation(state.operation) }];
}
