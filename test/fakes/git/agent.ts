import type { Sha } from '../../../src/core/names.ts';
import { readFiles, treeOfCommit, writeFiles } from './files.ts';
import type { TreeEntry } from './object-store.ts';
import { branchOf, headOf } from './repository.ts';
import { commitIndex } from './worktrees-port.ts';
import type { GitWorld } from './world.ts';

/** What somebody who works in a worktree does there with git itself; files are written through the Files port. */
export interface FakeGitUser {
  /** Stages paths as they are on disk (a missing one as deleted). */
  stage(...paths: readonly string[]): void;
  /** Commits what is staged. */
  commit(message: string): Sha;
  /** Stages everything and commits. */
  commitEverything(message: string): Sha;
  /** Puts changes of tracked files away; the worktree is clean of them afterwards. */
  stash(): Sha;
  /** Leaves an operation unfinished: HEAD detached at `at`, as in the middle of a rebase. */
  begin(operation: string, at?: Sha): void;
  detach(): void;
}

const AUTHOR = { name: 'user', email: 'user@example.test' };

export function fakeGitUser(world: GitWorld, path: string): FakeGitUser {
  const { disk, store } = world;
  const stage = (paths: readonly string[]): void => {
    const worktree = world.worktree(path);
    const { tracked, untracked } = readFiles(disk, store, worktree);
    const index = new Map<string, TreeEntry>(worktree.index);
    for (const file of paths) {
      const entry = tracked.get(file) ?? untracked.get(file);
      if (entry !== undefined) index.set(file, entry);
      else if (!index.delete(file)) throw new Error(`fake git: pathspec '${file}' did not match any files`);
    }
    worktree.index = index;
  };
  const commit = (message: string): Sha =>
    commitIndex(world, world.worktree(path), { message, author: AUTHOR });
  return {
    stage: (...paths) => stage(paths),
    commit,
    commitEverything: (message) => {
      const worktree = world.worktree(path);
      const { untracked } = readFiles(disk, store, worktree);
      stage([...worktree.index.keys(), ...untracked.keys()]);
      return commit(message);
    },
    stash: () => stash(world, path),
    begin: (name, at) => {
      const worktree = world.worktree(path);
      const before = headOf(worktree);
      const commits = before === undefined ? [] : [before];
      worktree.operation = { name, branch: branchOf(worktree), commits };
      const detached = at ?? before;
      if (name === 'rebase' && detached !== undefined) worktree.head = { commit: detached };
    },
    detach: () => {
      const worktree = world.worktree(path);
      const head = headOf(worktree);
      if (head !== undefined) worktree.head = { commit: head };
    },
  };
}

function stash(world: GitWorld, path: string): Sha {
  const { disk, store } = world;
  const worktree = world.worktree(path);
  const base = headOf(worktree);
  if (base === undefined) throw new Error('fake git: you do not have the initial commit yet');
  const signature = { ...AUTHOR, at: world.seconds() };
  const facts = { author: signature, committer: signature };
  const index = store.addCommit({
    ...facts,
    tree: store.addTree(worktree.index),
    parents: [base],
    message: 'index',
  });
  const { tracked } = readFiles(disk, store, worktree);
  const commit = store.addCommit({
    ...facts,
    tree: store.addTree(tracked),
    parents: [base, index],
    message: 'WIP',
  });
  worktree.repository.has.add(index).add(commit);
  worktree.repository.stash.unshift({ commit, base, branch: branchOf(worktree) });
  const clean = treeOfCommit(store, base);
  writeFiles(disk, store, { path, from: worktree.index, to: clean });
  worktree.index = clean;
  return commit;
}
