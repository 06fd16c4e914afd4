import { join } from 'node:path';
import { contentsOf } from '../../../src/adapters/git/legend.ts';
import type { Sha } from '../../../src/core/names.ts';
import type { GitSnapshots, RestorePlace } from '../../../src/ports/git.ts';
import { writeFiles } from './files.ts';
import { ancestorsOf } from './history.ts';
import { requireCommit } from './repository.ts';
import { addParts, snapshot } from './snapshot.ts';
import type { GitWorld } from './world.ts';
import { fakeGitWorktrees } from './worktrees-port.ts';

export function fakeGitSnapshots(world: GitWorld): GitSnapshots {
  return {
    take: async (path, message) => snapshot(world, world.worktree(path), message),
    wrap: async (repo, commit, message) => {
      const { repository } = world.at(repo);
      const tree = world.store.treeOf(requireCommit(repository, commit, 'rev-parse'));
      return addParts(world, repository, { tree, parts: [{ sha: commit, holds: 'HEAD' }], message });
    },
    contents: async (repo, commit) =>
      contentsOf(world.store.commit(requireCommit(world.at(repo).repository, commit, 'rev-list'))),
    lost: async (repo) => lostCommits(world, repo),
    restore: (repo, commit, to) => restore(world, repo, { commit, to }),
  };
}

function lostCommits(world: GitWorld, repo: string): readonly Sha[] {
  const { store } = world;
  const { has, refs, worktrees, stash } = world.at(repo).repository;
  const heads = worktrees.flatMap(({ head }) => ('commit' in head ? [head.commit] : []));
  const named = ancestorsOf(store, [...refs.values(), ...heads, ...stash.map(({ commit }) => commit)]);
  const lost = [...has].filter((sha) => store.hasCommit(sha) && !named.has(sha));
  const parents = new Set(lost.flatMap((sha) => store.commit(sha).parents));
  return lost.filter((sha) => !parents.has(sha));
}

async function restore(
  world: GitWorld,
  repo: string,
  { commit, to }: { readonly commit: Sha; readonly to: RestorePlace },
): Promise<readonly string[]> {
  const { store, disk } = world;
  const { repository } = world.at(repo);
  const contents = contentsOf(store.commit(requireCommit(repository, commit, 'rev-list')));
  const head = contents.head ?? commit;
  await fakeGitWorktrees(world).add(repo, to.path, { commit: head });
  const worktree = world.worktree(to.path);
  writeFiles(disk, store, { path: to.path, from: worktree.index, to: store.treeOf(commit) });
  if (contents.index !== undefined) worktree.index = store.treeOf(contents.index);
  if (contents.operation !== undefined) {
    const commits = store.commit(contents.operation.commit).parents;
    worktree.operation = { name: contents.operation.name, branch: undefined, commits };
  }
  for (const stash of contents.stashes.toReversed()) {
    const base = store.commit(stash).parents[0] ?? head;
    if (repository.stash.every((entry) => entry.commit !== stash))
      repository.stash.unshift({ commit: stash, base, branch: undefined });
  }
  for (const module of to.submodules) disk.makeDir(join(to.path, module.path));
  return [];
}
