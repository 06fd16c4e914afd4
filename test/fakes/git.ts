import type { Sha } from '../../src/core/names.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git, GitCommit } from '../../src/ports/git.ts';
import { createFakeFiles } from './files.ts';
import type { FakeFiles } from './files.ts';
import { fakeGitUser } from './git/agent.ts';
import type { FakeGitUser } from './git/agent.ts';
import { listCommits } from './git/history.ts';
import type { TreeEntry } from './git/object-store.ts';
import { fakeGitObjects } from './git/objects-port.ts';
import { fakeGitRemotes, makeBare, makeWithFiles } from './git/remotes-port.ts';
import { newRepository } from './git/repository.ts';
import type { FakeRepository } from './git/repository.ts';
import { fakeGitSnapshots } from './git/snapshots-port.ts';
import { GitWorld } from './git/world.ts';
import type { PushTrick } from './git/world.ts';
import { fakeGitWorktrees } from './git/worktrees-port.ts';

export interface FakeGit extends Git {
  /** A bare repository that answers at `url` (a URL or an absolute path), with one commit of `files` on `branch`. */
  createRemote(url: string, facts?: RemoteFacts): FakeRemote;
  /** A repository with a worktree at `path`, as `git init` makes it: no commit yet. */
  init(path: string, branch?: string): FakeGitUser;
  /** Somebody working in that worktree. */
  user(path: string): FakeGitUser;
  /** Files of a commit, as text; any commit that ever was. */
  filesOf(commit: Sha): Readonly<Record<string, string>>;
  commitOf(commit: Sha): GitCommit;
  /** Every commit that ever was. */
  commits(): Iterable<Sha>;
}

export interface RemoteFacts {
  readonly branch?: string;
  /** Absent: a small README. Empty: a repository without a commit. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The other side, as its owner sees it. */
export interface FakeRemote {
  readonly url: string;
  head(branch: string): Sha | undefined;
  branches(): readonly string[];
  filesOf(branch: string): Readonly<Record<string, string>>;
  /** Messages of all commits of a branch, newest first. */
  messages(branch: string): readonly string[];
  /** Somebody else pushes; null deletes a file, `Subproject commit <id>` and a line end is a submodule. */
  commit(branch: string, changes: Readonly<Record<string, string | null>>, message?: string): Sha;
  setBranch(branch: string, sha: Sha | undefined): void;
  goOffline(): void;
  goOnline(): void;
  /** Answers the pushes that follow instead of taking them; undefined = takes them again. */
  onPush(trick: PushTrick | undefined): void;
  /** What happens right after it has answered which branches it has, while the answer is on its way. */
  afterList(happens: () => Promise<void>): void;
}

const OWNER = { name: 'owner', email: 'owner@example.test' };

/** Git in memory. Worktrees are files of the fake disk, so what is written through the Files port is there. */
export function createFakeGit(
  deps: { readonly files?: FakeFiles; readonly clock?: Pick<Clock, 'now'> } = {},
): FakeGit {
  const files = deps.files ?? createFakeFiles();
  const world = new GitWorld(files.disk, () => deps.clock?.now() ?? 1_767_225_600_000);
  return {
    objects: fakeGitObjects(world),
    remotes: fakeGitRemotes(world),
    worktrees: fakeGitWorktrees(world),
    snapshots: fakeGitSnapshots(world),
    createRemote: (url, facts) => createRemote(world, url, facts ?? {}),
    init: (path, branch = 'main') => {
      makeWithFiles(world, path, branch);
      return fakeGitUser(world, path);
    },
    user: (path) => fakeGitUser(world, path),
    filesOf: (commit) => filesOf(world, commit),
    commitOf: (commit) => world.store.commit(commit),
    commits: () => world.store.commits(),
  };
}

function createRemote(world: GitWorld, url: string, facts: RemoteFacts): FakeRemote {
  const branch = facts.branch ?? 'main';
  const repository = url.startsWith('/')
    ? makeBare(world, url, branch)
    : world.add(url, newRepository(url, { branch, bare: true }));
  const remote = remoteView(world, url, repository);
  const first = facts.files ?? { 'README.md': '# Project\n' };
  if (Object.keys(first).length > 0) remote.commit(branch, first, 'Initial commit');
  return remote;
}

function remoteView(world: GitWorld, url: string, repository: FakeRepository): FakeRemote {
  const refOf = (branch: string): string => `refs/heads/${branch}`;
  const head = (branch: string): Sha | undefined => repository.refs.get(refOf(branch));
  return {
    url,
    head,
    branches: () => [...repository.refs.keys()].map((ref) => ref.replace(/^refs\/heads\//, '')).sort(),
    filesOf: (branch) => filesOf(world, head(branch)),
    messages: (branch) => {
      const tip = head(branch);
      return tip === undefined
        ? []
        : listCommits(world.store, tip, []).map((sha) => world.store.commit(sha).message);
    },
    commit: (branch, changes, message = 'A change') => {
      const sha = commitChanges(world, head(branch), { changes, message });
      repository.has.add(sha);
      repository.refs.set(refOf(branch), sha);
      return sha;
    },
    setBranch: (branch, sha) => {
      if (sha === undefined) repository.refs.delete(refOf(branch));
      else repository.refs.set(refOf(branch), sha);
    },
    goOffline: () => void world.unreachable.add(repository),
    goOnline: () => void world.unreachable.delete(repository),
    afterList: (happens) => void world.afterList.set(repository, happens),
    onPush: (trick) => {
      if (trick === undefined) world.pushTricks.delete(repository);
      else world.pushTricks.set(repository, trick);
    },
  };
}

function commitChanges(
  world: GitWorld,
  parent: Sha | undefined,
  {
    changes,
    message,
  }: { readonly changes: Readonly<Record<string, string | null>>; readonly message: string },
): Sha {
  const tree = new Map<string, TreeEntry>(parent === undefined ? [] : world.store.treeOf(parent));
  for (const [path, text] of Object.entries(changes)) {
    if (text === null) tree.delete(path);
    else tree.set(path, world.store.entryOf(text));
  }
  const signature = { ...OWNER, at: world.seconds() };
  return world.store.addCommit({
    tree: world.store.addTree(tree),
    parents: parent === undefined ? [] : [parent],
    message,
    author: signature,
    committer: signature,
  });
}

function filesOf(world: GitWorld, commit: Sha | undefined): Readonly<Record<string, string>> {
  if (commit === undefined) return {};
  const entries = [...world.store.treeOf(commit)];
  return Object.fromEntries(
    entries.map(([path, entry]) => [path, world.store.contentOf(entry).toString('utf8')]),
  );
}
