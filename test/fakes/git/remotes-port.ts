import { join } from 'node:path';
import { RefusedError, UnavailableError } from '../../../src/core/errors.ts';
import type { Sha } from '../../../src/core/names.ts';
import type { GitRemotes, LinkedClone, PushOutcome, PushSpec, PushUpdate } from '../../../src/ports/git.ts';
import { writeFiles } from './files.ts';
import { isFastForward } from './objects-port.ts';
import { branchOf, gitFailed, isValidRef, newRepository, requireCommit, transfer } from './repository.ts';
import type { FakeRepository } from './repository.ts';
import type { GitWorld } from './world.ts';

const HEADS = 'refs/heads/';

export function fakeGitRemotes(world: GitWorld): GitRemotes {
  return {
    cloneBare: async (url, path, options) => {
      const source = cloneSource(world, url, path);
      const repository = makeBare(world, path, source.headBranch);
      repository.remotes.set('origin', { fetch: url, push: undefined });
      fetchBranches(world, repository, { remote: 'origin', branches: options?.branches ?? [], strict: true });
    },
    cloneMirror: async (url, path) => {
      const source = cloneSource(world, url, path);
      const repository = makeBare(world, path, source.headBranch);
      repository.remotes.set('origin', { fetch: url, push: undefined });
      transfer(world.store, repository, [...source.refs.values()]);
      for (const [name, sha] of source.refs) repository.refs.set(name, sha);
    },
    clone: async (url, path, options) => cloneFiles(world, { url, path, branch: options.branch }),
    cloneLinked: async (source, path, clone) =>
      linkClone(world, world.at(source).repository, { path, clone }),
    fetch: async (repo, remote, branches) =>
      fetchBranches(world, world.at(repo).repository, { remote, branches, strict: false }),
    list: async (repo, remote) => {
      const from = repo === undefined ? undefined : world.at(repo).repository;
      const source = remoteOf(world, from, { name: remote, use: 'fetch' });
      const heads = [...source.refs].filter(([name]) => name.startsWith(HEADS));
      const isBorn = source.refs.has(`${HEADS}${source.headBranch}`);
      const answer = {
        defaultBranch: isBorn ? source.headBranch : undefined,
        heads: new Map(heads.map(([name, sha]) => [name.slice(HEADS.length), sha])),
      };
      await world.afterList.get(source)?.();
      return answer;
    },
    push: async (repo, spec) => push(world, world.at(repo).repository, spec),
    urls: async (repo, remote) => {
      const urls = world.at(repo).repository.remotes.get(remote);
      return urls === undefined ? undefined : { fetch: urls.fetch, push: urls.push ?? urls.fetch };
    },
    setUrls: async (repo, remote, urls) => {
      world.at(repo).repository.remotes.set(remote, { fetch: urls.fetch, push: urls.push });
    },
    includeSettings: async (repo, file) => {
      const path = join(world.at(repo).repository.gitDir, 'config');
      const node = world.disk.find(path, 'follow');
      const before = node?.kind === 'file' ? node.bytes.toString('utf8') : '';
      if (before.includes(file)) return;
      world.disk.write(path, Buffer.from(`${before}[include]\n\tpath = ${file}\n`), 0o644);
    },
  };
}

function linkClone(
  world: GitWorld,
  source: FakeRepository,
  { path, clone }: { readonly path: string; readonly clone: LinkedClone },
): void {
  refuseTaken(world, path);
  requireCommit(source, clone.commit, 'clone');
  const repository = makeWithFiles(world, path, clone.branch);
  repository.remotes.set('origin', { fetch: clone.origin.fetch, push: clone.origin.push });
  for (const sha of source.has) repository.has.add(sha);
  for (const [name, sha] of source.refs)
    if (/^refs\/(?:remotes\/origin|tags)\//.test(name)) repository.refs.set(name, sha);
  repository.refs.set(`${HEADS}${clone.branch}`, clone.commit);
  checkOut(world, repository, path, clone.commit);
}

function checkOut(world: GitWorld, repository: FakeRepository, path: string, commit: Sha): void {
  const tree = world.store.treeOf(commit);
  writeFiles(world.disk, world.store, { path, from: new Map(), to: tree });
  for (const worktree of repository.worktrees) worktree.index = tree;
}

function refuseTaken(world: GitWorld, path: string): void {
  const node = world.disk.find(path, 'follow');
  if (node !== undefined && (node.kind !== 'dir' || node.entries.size > 0)) {
    throw new RefusedError({
      code: 'git.path-taken',
      message: `cannot clone to ${path}: something is there already`,
    });
  }
}

function cloneSource(world: GitWorld, url: string, path: string): FakeRepository {
  refuseTaken(world, path);
  return remoteOf(world, undefined, { name: url, use: 'fetch' });
}

export function makeBare(world: GitWorld, path: string, branch: string): FakeRepository {
  world.disk.write(join(path, 'HEAD'), Buffer.from(`ref: ${HEADS}${branch}\n`), 0o644);
  world.disk.write(join(path, 'info/exclude'), Buffer.from(''), 0o644);
  return world.add(path, newRepository(path, { branch, bare: true }));
}

/** A repository with files at `path`; its HEAD names `branch`, which may not be born yet. */
export function makeWithFiles(world: GitWorld, path: string, branch: string): FakeRepository {
  const gitDir = join(path, '.git');
  world.disk.write(join(gitDir, 'HEAD'), Buffer.from(`ref: ${HEADS}${branch}\n`), 0o644);
  world.disk.write(join(gitDir, 'info/exclude'), Buffer.from(''), 0o644);
  const repository = newRepository(gitDir, { branch, bare: false });
  repository.worktrees.push({ path, repository, head: { branch }, index: new Map(), operation: undefined });
  world.add(gitDir, repository);
  return world.add(path, repository);
}

function cloneFiles(
  world: GitWorld,
  { url, path, branch }: { readonly url: string; readonly path: string; readonly branch: string },
): void {
  const source = cloneSource(world, url, path);
  const tip = source.refs.get(`${HEADS}${branch}`);
  if (tip === undefined) throw gitFailed('clone', `Remote branch ${branch} not found in upstream origin`);
  const repository = makeWithFiles(world, path, branch);
  repository.remotes.set('origin', { fetch: url, push: undefined });
  fetchBranches(world, repository, { remote: 'origin', branches: [], strict: true });
  repository.refs.set(`${HEADS}${branch}`, tip);
  checkOut(world, repository, path, tip);
}

/** The repository behind a remote's name, a URL or a path. */
function remoteOf(
  world: GitWorld,
  from: FakeRepository | undefined,
  { name, use }: { readonly name: string; readonly use: 'fetch' | 'push' },
): FakeRepository {
  const urls = from?.remotes.get(name);
  const found = world.remote((use === 'push' ? urls?.push : undefined) ?? urls?.fetch ?? name);
  if (found !== undefined) return found;
  throw new UnavailableError({
    code: 'git.remote-unreachable',
    message: `the remote does not answer: ${name}`,
  });
}

function fetchBranches(
  world: GitWorld,
  into: FakeRepository,
  {
    remote,
    branches,
    strict,
  }: { readonly remote: string; readonly branches: readonly string[]; readonly strict: boolean },
): void {
  const source = remoteOf(world, into, { name: remote, use: 'fetch' });
  const local = `refs/remotes/${remote}/`;
  const missing = branches.find((branch) => !source.refs.has(`${HEADS}${branch}`));
  if (missing !== undefined && strict)
    throw gitFailed('fetch', `couldn't find remote ref ${HEADS}${missing}`);
  const isWanted = (branch: string): boolean => branches.length === 0 || branches.includes(branch);
  for (const name of into.refs.keys()) {
    const branch = name.startsWith(local) ? name.slice(local.length) : undefined;
    if (branch !== undefined && isWanted(branch) && !source.refs.has(`${HEADS}${branch}`))
      into.refs.delete(name);
  }
  for (const [name, sha] of source.refs) {
    const branch = name.startsWith(HEADS) ? name.slice(HEADS.length) : undefined;
    if (branch === undefined || !isWanted(branch)) continue;
    transfer(world.store, into, [sha]);
    into.refs.set(`${local}${branch}`, sha);
  }
}

function push(world: GitWorld, from: FakeRepository, spec: PushSpec): PushOutcome {
  for (const { ref, sha } of spec.updates) {
    if (!isValidRef(ref)) throw gitFailed('push', `invalid ref ${ref}`);
    if (sha !== undefined) requireCommit(from, sha, 'push');
  }
  let target: FakeRepository;
  try {
    target = remoteOf(world, from, { name: spec.to, use: 'push' });
  } catch {
    return { pushed: false, cause: 'unreachable', why: `'${spec.to}' does not answer` };
  }
  const apply = (): PushOutcome => {
    const outcome = applyPush(world, target, spec.updates);
    if (outcome.pushed && from.remotes.has(spec.to)) track(from, spec);
    return outcome;
  };
  const trick = world.pushTricks.get(target);
  return trick === undefined ? apply() : trick(spec, apply);
}

/** As git: a push to a remote by its name moves what was fetched from it. */
function track(from: FakeRepository, { to, updates }: PushSpec): void {
  for (const { ref, sha } of updates) {
    if (!ref.startsWith(HEADS)) continue;
    const local = `refs/remotes/${to}/${ref.slice(HEADS.length)}`;
    if (sha === undefined) from.refs.delete(local);
    else from.refs.set(local, sha);
  }
}

function applyPush(world: GitWorld, target: FakeRepository, updates: readonly PushUpdate[]): PushOutcome {
  for (const update of updates) {
    const refusal = refusalOf(world, target, update);
    if (refusal !== undefined) return { pushed: false, ...refusal };
  }
  for (const { ref, sha } of updates) {
    if (sha === undefined) target.refs.delete(ref);
    else {
      transfer(world.store, target, [sha]);
      target.refs.set(ref, sha);
    }
  }
  return { pushed: true };
}

type Refusal = { readonly cause: 'stale' | 'rejected'; readonly why: string };

function refusalOf(
  world: GitWorld,
  target: FakeRepository,
  { ref, sha, lease }: PushUpdate,
): Refusal | undefined {
  const now = target.refs.get(ref);
  // As git: a ref that is already there is up to date, whatever the lease says.
  if (now === sha && now !== undefined) return undefined;
  if (lease !== undefined && (lease === 'absent' ? undefined : lease) !== now) return stale('stale info');
  if (sha === undefined) return deletionRefusal(target, ref);
  if (lease === undefined && now !== undefined && !canMove(world, ref, [now, sha]))
    return stale('fetch first');
  const user = target.worktrees.find((worktree) => `${HEADS}${branchOf(worktree)}` === ref);
  return user === undefined ? undefined : { cause: 'rejected', why: 'branch is currently checked out' };
}

function canMove(world: GitWorld, ref: string, [now, to]: readonly [Sha, Sha]): boolean {
  return !ref.startsWith('refs/tags/') && isFastForward(world, now, to);
}

function deletionRefusal(target: FakeRepository, ref: string): Refusal | undefined {
  return ref === `${HEADS}${target.headBranch}`
    ? { cause: 'rejected', why: 'deletion of the current branch prohibited' }
    : undefined;
}

function stale(why: string): Refusal {
  return { cause: 'stale', why: `[rejected] (${why})` };
}
