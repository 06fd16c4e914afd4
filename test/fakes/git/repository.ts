import { join } from 'node:path';
import { ExternalError } from '../../../src/core/errors.ts';
import type { Sha } from '../../../src/core/names.ts';
import { ancestorsOf } from './history.ts';
import type { ObjectStore, Tree } from './object-store.ts';

/** A fake repository: which objects it has, its refs, remotes, stash and worktrees. */
export interface FakeRepository {
  /** Its git directory; for one with files of its own, `<worktree>/.git`. */
  gitDir: string;
  readonly has: Set<Sha>;
  readonly refs: Map<string, Sha>;
  readonly remotes: Map<string, { fetch: string; push: string | undefined }>;
  readonly worktrees: FakeWorktree[];
  readonly stash: StashEntry[];
  /** Branch that HEAD of the repository names (for clones of it). */
  headBranch: string;
  readonly bare: boolean;
}

export interface FakeWorktree {
  path: string;
  readonly repository: FakeRepository;
  head: { readonly branch: string } | { readonly commit: Sha };
  index: Tree;
  operation: FakeOperation | undefined;
}

export interface FakeOperation {
  readonly name: string;
  /** The branch that a rebase will move at its end. */
  readonly branch: string | undefined;
  /** Commits it needs to go on. */
  readonly commits: readonly Sha[];
}

export interface StashEntry {
  readonly commit: Sha;
  readonly base: Sha;
  readonly branch: string | undefined;
}

export function newRepository(
  gitDir: string,
  facts: { readonly branch: string; readonly bare: boolean },
): FakeRepository {
  return {
    gitDir,
    has: new Set(),
    refs: new Map(),
    remotes: new Map(),
    worktrees: [],
    stash: [],
    headBranch: facts.branch,
    bare: facts.bare,
  };
}

export function gitFailed(command: string, why: string): ExternalError {
  return new ExternalError({ code: 'git.failed', message: `git ${command}: ${why}` });
}

export function headOf(worktree: FakeWorktree): Sha | undefined {
  return 'commit' in worktree.head
    ? worktree.head.commit
    : worktree.repository.refs.get(`refs/heads/${worktree.head.branch}`);
}

export function branchOf(worktree: FakeWorktree): string | undefined {
  return 'branch' in worktree.head ? worktree.head.branch : undefined;
}

/** The commit must be in this repository, not merely somewhere: an object that was never fetched is not there. */
export function requireCommit(repository: FakeRepository, sha: Sha, command: string): Sha {
  if (!repository.has.has(sha)) throw gitFailed(command, `bad object ${sha}`);
  return sha;
}

/** Copies commits and what they reach, as a fetch or push does. */
export function transfer(store: ObjectStore, to: FakeRepository, tips: readonly Sha[]): void {
  for (const sha of ancestorsOf(store, tips)) to.has.add(sha);
}

/** A ref name as git accepts it, below refs/. */
export function isValidRef(name: string): boolean {
  return (
    name.startsWith('refs/') &&
    name.split('/').length > 2 &&
    !/[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/.test(name) &&
    name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** A ref and a folder of refs cannot have one name. */
export function refInTheWay(repository: FakeRepository, name: string): string | undefined {
  return [...repository.refs.keys()].find((ref) => ref.startsWith(`${name}/`) || name.startsWith(`${ref}/`));
}

const SUFFIX = /^(.*?)((?:~\d*|\^\d*|\^\{commit\})*)$/s;

/** What `git rev-parse --verify <rev>^{commit}` finds. */
export function resolveRev(
  store: ObjectStore,
  at: { readonly repository: FakeRepository; readonly worktree: FakeWorktree | undefined },
  rev: string,
): Sha | undefined {
  const [, name = '', suffix = ''] = SUFFIX.exec(rev) ?? [];
  let sha = nameToCommit(at, name);
  for (const [step] of suffix.matchAll(/~\d*|\^\d*|\^\{commit\}/g)) {
    sha = sha === undefined || step === '^{commit}' ? sha : stepBack(store, sha, step);
  }
  return sha;
}

function nameToCommit(
  {
    repository,
    worktree,
  }: { readonly repository: FakeRepository; readonly worktree: FakeWorktree | undefined },
  name: string,
): Sha | undefined {
  if (name === 'HEAD' || name === '@') {
    return worktree === undefined
      ? repository.refs.get(`refs/heads/${repository.headBranch}`)
      : headOf(worktree);
  }
  const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];
  const found = places
    .map((place) => repository.refs.get(`${place}${name}`))
    .find((sha) => sha !== undefined);
  if (found !== undefined || !/^[0-9a-f]{4,40}$/.test(name)) return found;
  const matches = [...repository.has].filter((sha) => sha.startsWith(name));
  if (matches.length > 1) throw gitFailed('rev-parse', `short object ID ${name} is ambiguous`);
  return matches[0];
}

function stepBack(store: ObjectStore, sha: Sha, step: string): Sha | undefined {
  const count = step.length === 1 ? 1 : Number(step.slice(1));
  if (step.startsWith('^')) return count === 0 ? sha : store.commit(sha).parents[count - 1];
  let at: Sha | undefined = sha;
  for (let done = 0; done < count && at !== undefined; done += 1) at = store.commit(at).parents[0];
  return at;
}

export function excludeFile(repository: FakeRepository): string {
  return join(repository.gitDir, 'info/exclude');
}
