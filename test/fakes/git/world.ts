import type { FakeDisk } from '../disk.ts';
import { ObjectStore } from './object-store.ts';
import { gitFailed } from './repository.ts';
import type { FakeRepository, FakeWorktree } from './repository.ts';
import type { PushOutcome, PushSpec } from '../../../src/ports/git.ts';

/** What a fake remote does with a push instead of taking it; `apply` takes it after all. */
export type PushTrick = (spec: PushSpec, apply: () => PushOutcome) => PushOutcome;

/** All fake repositories of a test, on one fake disk. */
export class GitWorld {
  readonly store = new ObjectStore();
  readonly disk: FakeDisk;
  /** By git directory, worktree path or URL. */
  readonly #repositories = new Map<string, FakeRepository>();
  /** By the git folder itself: a repository stays one when it is moved, with its files or bare. */
  readonly #byFolder = new WeakMap<object, FakeRepository>();
  readonly unreachable = new Set<FakeRepository>();
  readonly pushTricks = new Map<FakeRepository, PushTrick>();
  /** Done when a remote has answered what branches it has. */
  readonly afterList = new Map<FakeRepository, () => Promise<void>>();
  readonly #now: () => number;

  constructor(disk: FakeDisk, now: () => number) {
    this.disk = disk;
    this.#now = now;
  }

  /** Unix seconds. */
  seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  add(key: string, repository: FakeRepository): FakeRepository {
    this.#repositories.set(this.#keyOf(key), repository);
    const folder = key.startsWith('/') && key === repository.gitDir ? this.disk.folder(key) : undefined;
    if (folder !== undefined) this.#byFolder.set(folder, repository);
    return repository;
  }

  forget(key: string): void {
    this.#repositories.delete(this.#keyOf(key));
  }

  /** By git directory or worktree path; git looks at the disk, so a folder that is gone has no repository. */
  at(path: string): { readonly repository: FakeRepository; readonly worktree: FakeWorktree | undefined } {
    const found = this.#find(path);
    if (found === undefined || this.disk.folder(path) === undefined) {
      throw gitFailed('rev-parse', `not a git repository: ${path}`);
    }
    const worktree = found.worktrees.find((entry) => this.#keyOf(entry.path) === this.#keyOf(path));
    if (worktree !== undefined && this.disk.find(`${path}/.git`, 'keep') === undefined) {
      throw gitFailed('rev-parse', `not a git repository: ${path}`);
    }
    return { repository: found, worktree };
  }

  isWorktree(path: string): boolean {
    return (
      this.#find(path)?.worktrees.some(({ path: own }) => this.#keyOf(own) === this.#keyOf(path)) ?? false
    );
  }

  worktree(path: string): FakeWorktree {
    const { worktree } = this.at(path);
    if (worktree === undefined) throw gitFailed('status', 'this operation must be run in a work tree');
    return worktree;
  }

  /** By URL or path; undefined when nobody answers there. */
  remote(url: string): FakeRepository | undefined {
    const found = this.#find(url);
    return found === undefined || this.unreachable.has(found) ? undefined : found;
  }

  #find(key: string): FakeRepository | undefined {
    const path = this.#keyOf(key);
    const bare = this.#inFolder(path);
    if (bare !== undefined) return bare;
    const clone = this.#inFolder(`${path}/.git`);
    if (clone === undefined) return this.#repositories.get(path);
    const [own] = clone.worktrees;
    if (own !== undefined) own.path = path;
    return clone;
  }

  #inFolder(path: string): FakeRepository | undefined {
    const folder = path.startsWith('/') ? this.disk.folder(path) : undefined;
    const found = folder === undefined ? undefined : this.#byFolder.get(folder);
    if (found !== undefined) found.gitDir = path;
    return found;
  }

  #keyOf(key: string): string {
    const path = key.replace(/^file:\/\//, '').replace(/\/+$/, '');
    return path.startsWith('/') ? (this.disk.realPath(path) ?? path) : path;
  }
}
