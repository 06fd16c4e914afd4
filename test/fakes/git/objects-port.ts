import type { Sha } from '../../../src/core/names.ts';
import type { GitObjects, GitSignature } from '../../../src/ports/git.ts';
import { changedPaths, isAncestor, listCommits, mergeBaseOf, patchOf } from './history.ts';
import { mergeTrees } from './merge-trees.ts';
import { gitFailed, isValidRef, refInTheWay, requireCommit, resolveRev } from './repository.ts';
import type { FakeRepository } from './repository.ts';
import type { GitWorld } from './world.ts';

export function fakeGitObjects(world: GitWorld): GitObjects {
  const { store } = world;
  const need = (repo: string, sha: Sha, command: string): Sha =>
    requireCommit(world.at(repo).repository, sha, command);
  return {
    resolve: async (repo, rev) => resolveRev(store, world.at(repo), rev),
    listRefs: async (repo, prefix) => listRefs(world.at(repo).repository, prefix),
    updateRefs: async (repo, changes) => {
      for (const { ref, ...change } of changes) updateRef(world.at(repo).repository, ref, change);
    },
    updateRef: async (repo, ref, change) => updateRef(world.at(repo).repository, ref, change),
    commit: async (repo, sha) => store.commit(need(repo, sha, 'rev-list')),
    log: async (repo, { from, to, limit }) => {
      const { has } = world.at(repo).repository;
      const exclude = Array.isArray(from)
        ? from.filter((sha: Sha) => has.has(sha))
        : [from ?? []].flat().map((sha) => need(repo, sha, 'rev-list'));
      const tips = [to].flat().map((sha) => need(repo, sha, 'rev-list'));
      return listCommits(store, tips, exclude)
        .slice(0, limit)
        .map((sha) => store.commit(sha));
    },
    mergeBase: async (repo, a, b) =>
      mergeBaseOf(store, need(repo, a, 'merge-base'), need(repo, b, 'merge-base')),
    mergeTree: async (repo, ours, theirs) => {
      const base = mergeBaseOf(store, need(repo, ours, 'merge-tree'), need(repo, theirs, 'merge-tree'));
      if (base === undefined) throw gitFailed('merge-tree', 'refusing to merge unrelated histories');
      const [base3, ours3, theirs3] = [base, ours, theirs].map((sha) => store.treeOf(sha));
      const result = mergeTrees(store, base3 ?? new Map(), ours3 ?? new Map(), theirs3 ?? new Map());
      return result.merged ? { merged: true, tree: store.addTree(result.tree) } : result;
    },
    commitTree: async (repo, commit) => {
      const { repository } = world.at(repo);
      const { tree } = commit;
      if (!store.hasTree(tree)) throw gitFailed('commit-tree', `${String(tree)} is not a valid object`);
      for (const parent of commit.parents) requireCommit(repository, parent, 'commit-tree');
      requireSignature(commit.author);
      requireSignature(commit.committer);
      const sha = store.addCommit(commit);
      repository.has.add(sha);
      return sha;
    },
    changedPaths: async (repo, pairs) =>
      pairs.map(({ from, to }) =>
        changedPaths(store.treeOf(need(repo, from, 'diff-tree')), store.treeOf(need(repo, to, 'diff-tree'))),
      ),
    missingPatches: async (repo, upstream, head) => {
      const theirs = listCommits(store, need(repo, upstream, 'cherry'), [need(repo, head, 'cherry')]);
      const known = new Set(theirs.map((sha) => patchOf(store, sha)));
      return listCommits(store, head, [upstream])
        .filter((sha) => store.commit(sha).parents.length < 2 && !known.has(patchOf(store, sha)))
        .reverse();
    },
  };
}

function listRefs(repository: FakeRepository, prefix: string | readonly string[]) {
  const isBelow = (name: string, folder: string): boolean =>
    name === folder || name.startsWith(`${folder.replace(/\/$/, '')}/`);
  return [...repository.refs]
    .filter(([name]) => [prefix].flat().some((folder) => isBelow(name, folder)))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, sha]) => ({ name, sha }));
}

function updateRef(
  repository: FakeRepository,
  ref: string,
  change: { readonly to: Sha | undefined; readonly from: Sha | undefined | 'any' },
): boolean {
  const now = repository.refs.get(ref);
  if (change.from !== 'any' && change.from !== now) return false;
  if (change.to === undefined) {
    repository.refs.delete(ref);
    return true;
  }
  if (!isValidRef(ref)) throw gitFailed('update-ref', `refusing to update ref with bad name '${ref}'`);
  const other = refInTheWay(repository, ref);
  if (other !== undefined) throw gitFailed('update-ref', `cannot lock ref '${ref}': '${other}' exists`);
  repository.refs.set(ref, requireCommit(repository, change.to, 'update-ref'));
  return true;
}

function requireSignature({ name, email, at }: GitSignature): void {
  if (name.trim() === '' || email.trim() === '')
    throw gitFailed('commit-tree', 'empty ident name not allowed');
  if (!Number.isInteger(at)) throw gitFailed('commit-tree', `invalid date ${at}`);
  if (/[<>\n]/.test(name + email)) throw new Error(`fake git: '${name} <${email}>' would be changed by git`);
}

/** `tip` may become `to` without losing a commit. */
export function isFastForward(world: GitWorld, tip: Sha, to: Sha): boolean {
  return isAncestor(world.store, tip, to);
}
