import { join } from 'node:path';
import type { Sha } from '../../../src/core/names.ts';
import { readFiles, sameEntry, treeOfCommit } from './files.ts';
import { ancestorsOf } from './history.ts';
import type { Tree } from './object-store.ts';
import { branchOf, headOf } from './repository.ts';
import type { FakeRepository, FakeWorktree, StashEntry } from './repository.ts';
import type { GitWorld } from './world.ts';

/** As the real one: one commit with the files as its tree and everything else as parents. */
export function snapshot(world: GitWorld, worktree: FakeWorktree, message: string): Sha | undefined {
  const { store } = world;
  const head = headOf(worktree);
  const headTree = treeOfCommit(store, head);
  const files = allFiles(world, worktree);
  const heads = head === undefined ? [] : [{ sha: head, holds: 'HEAD' }];
  const parts = [
    ...indexPart(world, worktree, { heads, headTree }),
    ...operationPart(world, worktree),
    ...stashPart(worktree),
    ...(isOwnRepository(worktree) ? unpublishedBranches(world, worktree, head) : []),
  ];
  if (parts.length === 0 && sameTree(files, headTree)) return undefined;
  return addParts(world, worktree.repository, { tree: files, parts: [...heads, ...parts], message });
}

interface Part {
  readonly sha: Sha;
  readonly holds: string;
}

function indexPart(
  world: GitWorld,
  worktree: FakeWorktree,
  { heads, headTree }: { readonly heads: readonly Part[]; readonly headTree: Tree },
): readonly Part[] {
  if (sameTree(worktree.index, headTree)) return [];
  const sha = addParts(world, worktree.repository, {
    tree: worktree.index,
    parts: heads,
    message: 'The index',
  });
  return [{ sha, holds: 'the index (staged content)' }];
}

function operationPart(world: GitWorld, worktree: FakeWorktree): readonly Part[] {
  const { operation } = worktree;
  if (operation === undefined) return [];
  const parts = operation.commits.map((sha) => ({ sha, holds: 'a commit it names' }));
  const message = `State of the ${operation.name} under way`;
  return [
    {
      sha: addParts(world, worktree.repository, { tree: new Map(), parts, message }),
      holds: `the ${operation.name} under way`,
    },
  ];
}

function stashPart(worktree: FakeWorktree): readonly Part[] {
  const entries = isOwnRepository(worktree) ? worktree.repository.stash : stashesOf(worktree);
  return entries.map(({ commit }, at) => ({ sha: commit, holds: `stash entry ${at}` }));
}

/** Entries made on this worktree's branch (also one that is being rebased) or on its commit. */
export function stashesOf(worktree: FakeWorktree): readonly StashEntry[] {
  const branch = branchOf(worktree) ?? worktree.operation?.branch;
  const head = headOf(worktree);
  return worktree.repository.stash.filter(
    (entry) => (branch !== undefined && entry.branch === branch) || entry.base === head,
  );
}

/** A clone: its branches and stash go with its folder. */
function isOwnRepository(worktree: FakeWorktree): boolean {
  return worktree.repository.worktrees[0] === worktree && !worktree.repository.bare;
}

function unpublishedBranches(
  world: GitWorld,
  worktree: FakeWorktree,
  head: Sha | undefined,
): readonly Part[] {
  const refs = [...worktree.repository.refs];
  const published = refs.filter(([name]) => name.startsWith('refs/remotes/')).map(([, sha]) => sha);
  const known = ancestorsOf(world.store, published);
  return refs
    .filter(([name, sha]) => name.startsWith('refs/heads/') && !known.has(sha) && sha !== head)
    .map(([name, sha]) => ({ sha, holds: `the branch ${name.slice('refs/heads/'.length)}` }));
}

function allFiles(world: GitWorld, worktree: FakeWorktree): Tree {
  const { tracked, untracked, nested } = readFiles(world.disk, world.store, worktree);
  const inner = nested.flatMap((folder) =>
    world.disk
      .walk(join(worktree.path, folder), (path) => path === '.git')
      .map((path) => {
        const bytes = world.disk.file(join(worktree.path, folder, path))?.bytes ?? Buffer.from('');
        return [`${folder}/${path}`, { mode: '100644', blob: world.store.addBlob(bytes) }] as const;
      }),
  );
  return new Map([...tracked, ...untracked, ...inner]);
}

function sameTree(a: Tree, b: Tree): boolean {
  return a.size === b.size && [...a].every(([path, entry]) => sameEntry(entry, b.get(path)));
}

/** A commit over several others whose message says what each one is. */
export function addParts(
  world: GitWorld,
  repository: FakeRepository,
  commit: { readonly tree: Tree; readonly parts: readonly Part[]; readonly message: string },
): Sha {
  const signature = { name: 'gt', email: 'gt@localhost', at: world.seconds() };
  const legend = commit.parts.map((part, at) => `^${at + 1} ${part.holds}\n`).join('');
  const sha = world.store.addCommit({
    tree: world.store.addTree(commit.tree),
    parents: commit.parts.map((part) => part.sha),
    message: `${commit.message}\n\n${legend}`.trimEnd(),
    author: signature,
    committer: signature,
  });
  repository.has.add(sha);
  return sha;
}
