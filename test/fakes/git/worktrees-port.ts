import { dirname, join } from 'node:path';
import { BugError, RefusedError, UnreadableError, messageOf } from '../../../src/core/errors.ts';
import type { Sha } from '../../../src/core/names.ts';
import type { GitWorktrees, WorktreeCommit, WorktreeStatus } from '../../../src/ports/git.ts';
import { ignoredBy, readFiles, sameEntry, treeOfCommit, writeFiles } from './files.ts';
import type { Tree, TreeEntry } from './object-store.ts';
import { isFastForward } from './objects-port.ts';
import { ignoreRules, pathspecFits } from './patterns.ts';
import { branchOf, gitFailed, headOf, isValidRef, refInTheWay, requireCommit } from './repository.ts';
import type { FakeRepository, FakeWorktree } from './repository.ts';
import { stashesOf } from './snapshot.ts';
import type { GitWorld } from './world.ts';

interface Place {
  readonly commit: Sha;
  readonly branch?: string;
}

export function fakeGitWorktrees(world: GitWorld): GitWorktrees {
  return {
    add: async (repo, path, at) => add(world, world.at(repo).repository, { path, at }),
    list: async (repo) =>
      world.at(repo).repository.worktrees.map((worktree) => ({
        path: worktree.path,
        head: headOf(worktree),
        branch: branchOf(worktree),
      })),
    status: async (path) => status(world, path),
    changes: async (path) => status(world, path),
    isTracked: async (path, file) => world.isWorktree(path) && world.worktree(path).index.has(file),
    checkout: async (path, to) => checkout(world, path, to),
    commitAll: async (path, commit) => commitAll(world, world.worktree(path), commit),
    reset: async (path, commit, proof) => reset(world, path, { commit, proof }),
    remove: async (repo, path, proof) => remove(world, world.at(repo).repository, { path, proof }),
    move: async (repo, from, to) => move(world, world.at(repo).repository, { from, to }),
    copyIgnored: async (path, source) => copyIgnored(world, path, source),
  };
}

function add(
  world: GitWorld,
  repository: FakeRepository,
  { path, at }: { readonly path: string; readonly at: Place },
): void {
  requireCommit(repository, at.commit, 'worktree');
  const node = world.disk.find(path, 'keep');
  if (node !== undefined && (node.kind !== 'dir' || node.entries.size > 0)) {
    throw gitFailed('worktree', `'${path}' already exists`);
  }
  if (repository.worktrees.some((worktree) => worktree.path === path)) {
    throw gitFailed('worktree', `'${path}' is a missing but already registered worktree`);
  }
  if (at.branch !== undefined) placeBranch(world, repository, { branch: at.branch, commit: at.commit, path });
  const tree = world.store.treeOf(at.commit);
  world.disk.write(join(path, '.git'), Buffer.from(`gitdir: ${repository.gitDir}/worktrees/fake\n`), 0o644);
  const head = at.branch === undefined ? { commit: at.commit } : { branch: at.branch };
  repository.worktrees.push({ path, repository, head, index: tree, operation: undefined });
  world.add(path, repository);
  writeFiles(world.disk, world.store, { path, from: new Map(), to: tree });
}

function placeBranch(
  world: GitWorld,
  repository: FakeRepository,
  place: { readonly branch: string; readonly commit: Sha; readonly path: string },
): void {
  const ref = `refs/heads/${place.branch}`;
  const user = repository.worktrees.find((worktree) => branchOf(worktree) === place.branch);
  if (user !== undefined && user.path !== place.path) {
    throw new RefusedError({
      code: 'git.branch-in-use',
      message: `branch ${place.branch} is in use by the worktree ${user.path}`,
    });
  }
  const tip = repository.refs.get(ref);
  if (tip !== undefined && !isFastForward(world, tip, place.commit)) {
    throw new RefusedError({
      code: 'git.branch-elsewhere',
      message: `branch ${place.branch} holds commits that ${place.commit} does not`,
    });
  }
  if (!isValidRef(ref)) throw gitFailed('update-ref', `refusing to update ref with bad name '${ref}'`);
  const other = refInTheWay(repository, ref);
  if (other !== undefined) throw gitFailed('update-ref', `cannot lock ref '${ref}': '${other}' exists`);
  repository.refs.set(ref, requireCommit(repository, place.commit, 'update-ref'));
}

function status(world: GitWorld, path: string): WorktreeStatus {
  try {
    const worktree = world.worktree(path);
    const head = headOf(worktree);
    const { tracked, untracked, nested } = readFiles(world.disk, world.store, worktree);
    return {
      head,
      branch: branchOf(worktree),
      changed: changedOf([treeOfCommit(world.store, head), worktree.index, tracked]),
      untracked: [...untracked.keys(), ...nested.map((folder) => `${folder}/`)].sort(),
      stashes: stashesOf(worktree).length,
      operation: worktree.operation?.name,
    };
  } catch (error) {
    throw new UnreadableError({
      code: 'git.unreadable',
      message: `cannot tell the state of ${path}: ${messageOf(error)}`,
    });
  }
}

/** Paths that are not the same in all of the trees. */
function changedOf(trees: readonly Tree[]): readonly string[] {
  const paths = new Set(trees.flatMap((tree) => [...tree.keys()]));
  const [first, ...others] = trees;
  return [...paths]
    .filter((path) => others.some((tree) => !sameEntry(tree.get(path), first?.get(path))))
    .sort();
}

function checkout(world: GitWorld, path: string, to: Place): void {
  const { changed, operation } = status(world, path);
  if (operation !== undefined || changed.length > 0) {
    throw new RefusedError({
      code: 'git.local-changes',
      message: `cannot move ${path} to another commit: ${operation ?? changed[0]}`,
    });
  }
  const worktree = world.worktree(path);
  const tree = world.store.treeOf(requireCommit(worktree.repository, to.commit, 'checkout'));
  const { untracked } = readFiles(world.disk, world.store, worktree);
  const lost = [...untracked.keys()].find((file) => tree.has(file));
  if (lost !== undefined) throw gitFailed('checkout', `untracked file ${lost} would be overwritten`);
  if (to.branch !== undefined) {
    placeBranch(world, worktree.repository, { branch: to.branch, commit: to.commit, path: worktree.path });
  }
  writeFiles(world.disk, world.store, { path, from: worktree.index, to: tree });
  worktree.index = tree;
  worktree.head = to.branch === undefined ? { commit: to.commit } : { branch: to.branch };
}

function commitAll(world: GitWorld, worktree: FakeWorktree, commit: WorktreeCommit): Sha | undefined {
  if (worktree.operation !== undefined && worktree.operation.name !== 'bisect') {
    throw new RefusedError({
      code: 'git.operation-under-way',
      message: `cannot commit in ${worktree.path}: a ${worktree.operation.name} is under way`,
    });
  }
  const head = headOf(worktree);
  worktree.index = stagedIndex(world, worktree, commit);
  if (changedOf([treeOfCommit(world.store, head), worktree.index]).length === 0) return undefined;
  return commitIndex(world, worktree, { message: commit.message, author: commit.author });
}

function stagedIndex(world: GitWorld, worktree: FakeWorktree, commit: WorktreeCommit): Tree {
  const isOut = (path: string): boolean => commit.excludes.some((spec) => pathspecFits(spec, path));
  const { tracked, untracked } = readFiles(world.disk, world.store, worktree);
  const index = new Map(worktree.index);
  for (const path of index.keys()) {
    if (commit.keepDeletions && !tracked.has(path) && !isOut(path)) index.delete(path);
  }
  for (const [path, entry] of [...tracked, ...untracked]) {
    if (!isOut(path)) setEntry(index, path, entry);
  }
  const head = treeOfCommit(world.store, headOf(worktree));
  for (const path of new Set([...index.keys(), ...head.keys()])) {
    if (!isOut(path)) continue;
    const old = head.get(path);
    if (old === undefined) index.delete(path);
    else index.set(path, old);
  }
  return index;
}

/** A file replaces a folder of its name and the reverse. */
function setEntry(index: Map<string, TreeEntry>, path: string, entry: TreeEntry): void {
  for (const other of index.keys()) {
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) index.delete(other);
  }
  index.set(path, entry);
}

/** Commits what is staged and moves the branch (or the detached HEAD). */
export function commitIndex(
  world: GitWorld,
  worktree: FakeWorktree,
  commit: Pick<WorktreeCommit, 'message' | 'author'>,
): Sha {
  const head = headOf(worktree);
  if (commit.author.name === '' || commit.author.email === '') {
    throw gitFailed('commit', 'empty ident name not allowed');
  }
  const signature = { ...commit.author, at: world.seconds() };
  const sha = world.store.addCommit({
    tree: world.store.addTree(worktree.index),
    parents: head === undefined ? [] : [head],
    message: commit.message,
    author: signature,
    committer: signature,
  });
  worktree.repository.has.add(sha);
  const branch = branchOf(worktree);
  if (branch === undefined) worktree.head = { commit: sha };
  else worktree.repository.refs.set(`refs/heads/${branch}`, sha);
  return sha;
}

type Proof = Parameters<GitWorktrees['reset']>[2];

function reset(
  world: GitWorld,
  path: string,
  { commit, proof }: { readonly commit: Sha; readonly proof: Proof },
): void {
  checkProof(path, proof);
  const worktree = world.worktree(path);
  const tree = world.store.treeOf(requireCommit(worktree.repository, commit, 'checkout'));
  const { untracked, nested } = readFiles(world.disk, world.store, worktree);
  for (const gone of [...untracked.keys(), ...nested]) world.disk.remove(join(path, gone));
  if (branchOf(worktree) === undefined || headOf(worktree) !== commit) worktree.head = { commit };
  writeFiles(world.disk, world.store, { path, from: worktree.index, to: tree });
  worktree.index = tree;
  worktree.operation = undefined;
}

function remove(
  world: GitWorld,
  repository: FakeRepository,
  { path, proof }: { readonly path: string; readonly proof: Proof },
): void {
  checkProof(path, proof);
  const at = repository.worktrees.findIndex((worktree) => worktree.path === path);
  if (at >= 0) repository.worktrees.splice(at, 1);
  world.forget(path);
  world.disk.remove(path);
}

function move(
  world: GitWorld,
  repository: FakeRepository,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  const at = repository.worktrees.findIndex((worktree) => worktree.path === from);
  const worktree = repository.worktrees[at];
  if (worktree === undefined) throw gitFailed('worktree', `'${from}' is not a working tree`);
  if (world.disk.find(to, 'keep') !== undefined) throw gitFailed('worktree', `target '${to}' already exists`);
  world.disk.makeDir(dirname(to));
  world.forget(from);
  world.disk.rename(from, to);
  repository.worktrees[at] = { ...worktree, path: to };
  world.add(to, repository);
}

function copyIgnored(
  world: GitWorld,
  path: string,
  { from, patternFile }: { readonly from: string; readonly patternFile: string },
): readonly string[] {
  const patterns = world.disk.file(join(from, patternFile))?.bytes.toString('utf8');
  if (patterns === undefined) return [];
  const isNamed = ignoreRules([patterns]);
  const tracked = world.worktree(from).index;
  const isIgnored = ignoredBy(world.disk, world.worktree(path));
  const files = world.disk.walk(from, (file) => file === '.git');
  return files
    .filter((file) => !tracked.has(file) && isNamed(file) && isIgnored(file))
    .filter((file) => {
      const bytes = world.disk.file(join(from, file))?.bytes;
      const free = world.disk.find(join(path, file), 'keep') === undefined;
      if (bytes !== undefined && free) world.disk.write(join(path, file), Buffer.from(bytes), undefined);
      return bytes !== undefined && free;
    });
}

function checkProof(path: string, proof: Proof): void {
  if (proof.path === path) return;
  throw new BugError({ code: 'bug.wrong-proof', message: `the proof is of ${proof.path}, not of ${path}` });
}
