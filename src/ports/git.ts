import type { Sha } from '../core/names.ts';

/**
 * Git in four ports of one repository each call: objects and refs, remotes, worktrees, snapshots of worktrees. `repo`
 * is a git directory (bare) or a worktree path. All throw ExternalError `git.failed` with git's last line, unless stated.
 */
export interface Git {
  readonly objects: GitObjects;
  readonly remotes: GitRemotes;
  readonly worktrees: GitWorktrees;
  readonly snapshots: GitSnapshots;
}

export interface GitObjects {
  /** The commit that `rev` names, or undefined when it names none. */
  resolve(repo: string, rev: string): Promise<Sha | undefined>;
  /** Refs under `prefix` (or several) with the object each names, sorted. */
  listRefs(repo: string, prefix: string | readonly string[]): Promise<readonly GitRef[]>;
  /** Sets (or with `to: undefined` deletes) a ref if it still is `from` (undefined = must not exist; 'any' = unchecked). False when it moved. */
  updateRef(
    repo: string,
    ref: string,
    change: { readonly to: Sha | undefined; readonly from: Sha | undefined | 'any' },
  ): Promise<boolean>;
  /** Many at once, each as `updateRef`; those that moved stay. Far cheaper than one by one. */
  updateRefs(repo: string, changes: readonly RefChange[]): Promise<void>;
  commit(repo: string, sha: Sha): Promise<GitCommit>;
  /**
   * Commits reachable from `to` (one or several) and not from `from` (undefined = all), newest first, at most `limit`. With `from`,
   * none comes after one of its parents, whatever its date. Of several `from`, those that are not in the repository count for nothing.
   */
  log(
    repo: string,
    range: {
      readonly from?: Sha | readonly Sha[];
      readonly to: Sha | readonly Sha[];
      readonly limit: number;
    },
  ): Promise<readonly GitCommit[]>;
  mergeBase(repo: string, a: Sha, b: Sha): Promise<Sha | undefined>;
  /** Three-way merge of two commits without a worktree (`git merge-tree --write-tree`). Histories without a common base throw. */
  mergeTree(repo: string, ours: Sha, theirs: Sha): Promise<MergeOutcome>;
  /** Makes a commit object; same input, same id. Dates are written in UTC. */
  commitTree(repo: string, commit: NewCommit): Promise<Sha>;
  /** For each pair of commits the paths that differ, with their change letter (A M D T); renames are A + D. */
  changedPaths(
    repo: string,
    pairs: readonly { readonly from: Sha; readonly to: Sha }[],
  ): Promise<readonly (readonly ChangedPath[])[]>;
  /** Of the commits of `head` not in `upstream`, those whose patch `upstream` does not hold (`git cherry`, lines with +). */
  missingPatches(repo: string, upstream: Sha, head: Sha): Promise<readonly Sha[]>;
}

/** As `updateRef`. */
export interface RefChange {
  readonly ref: string;
  readonly to: Sha | undefined;
  readonly from: Sha | undefined | 'any';
}

export interface GitRef {
  readonly name: string;
  readonly sha: Sha;
}

export interface GitSignature {
  readonly name: string;
  readonly email: string;
  /** Unix seconds. */
  readonly at: number;
}

export interface GitCommit {
  readonly sha: Sha;
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  readonly author: GitSignature;
  readonly committer: GitSignature;
  /** Full message without the trailing newline. */
  readonly message: string;
}

export interface NewCommit {
  readonly tree: Sha;
  readonly parents: readonly Sha[];
  readonly message: string;
  readonly author: GitSignature;
  readonly committer: GitSignature;
}

export type MergeOutcome =
  | { readonly merged: true; readonly tree: Sha }
  | { readonly merged: false; readonly conflicts: readonly string[] };

export interface ChangedPath {
  readonly path: string;
  readonly change: 'A' | 'M' | 'D' | 'T';
}

export interface GitRemotes {
  /**
   * Bare repository with remote `origin` and `+refs/heads/*:refs/remotes/origin/*`; it has no branches of its own.
   * Fetches the named branches, all when absent. RefusedError `git.path-taken`, as the other clones.
   */
  cloneBare(
    url: string,
    path: string,
    options?: { readonly filter?: string; readonly branches?: readonly string[] },
  ): Promise<void>;
  /** A bare mirror of everything at `source` (read only), e.g. R/.origin.git. */
  cloneMirror(source: string, path: string): Promise<void>;
  /** A normal clone of `branch` with worktree; `sparse` as for `worktrees.add`. */
  clone(
    url: string,
    path: string,
    options: { readonly branch: string; readonly reference?: string; readonly sparse?: readonly string[] },
  ): Promise<void>;
  /**
   * A clone made from `source`, a bare repository of this disk, without asking anybody: objects are linked, the remote
   * branches of `source` become the clone's (a filter of it too), and `branch` is made at `commit`, following
   * `upstream` of origin. RefusedError `git.path-taken`.
   */
  cloneLinked(source: string, path: string, options: LinkedClone): Promise<void>;
  /**
   * Fetches the named branches (all when empty) of `remote` into refs/remotes/<remote>/, pruning what is gone.
   * Throws as `list` does; so do the clones.
   */
  fetch(repo: string, remote: string, branches: readonly string[]): Promise<void>;
  /** Heads (and HEAD) on a URL or remote name: what the remote itself says now. Throws UnavailableError `git.remote-unreachable`, ExternalError `git.remote-denied`. */
  list(repo: string | undefined, remote: string): Promise<RemoteHeads>;
  /** Pushes explicit refspecs atomically. Never throws for a refusal: read the outcome, then read the remote back. */
  push(repo: string, push: PushSpec): Promise<PushOutcome>;
  /** The fetch and push URL of `remote`. */
  urls(repo: string, remote: string): Promise<{ readonly fetch: string; readonly push: string } | undefined>;
  /** Adds or changes `remote`; `push` absent = same as fetch. */
  setUrls(
    repo: string,
    remote: string,
    urls: { readonly fetch: string; readonly push?: string },
  ): Promise<void>;
  /** The repository and all its worktrees also read the settings in `file` (relative: to its git directory), last. */
  includeSettings(repo: string, file: string): Promise<void>;
}

export interface LinkedClone {
  /** Its own branch; may be the upstream's name. */
  readonly branch: string;
  readonly commit: Sha;
  /** Branch of origin that `git pull` and `git push` mean. */
  readonly upstream: string;
  readonly origin: { readonly fetch: string; readonly push?: string };
  /** As for `worktrees.add`. */
  readonly sparse?: readonly string[];
}

export interface RemoteHeads {
  /** Branch that HEAD points at (`ls-remote --symref`), undefined when the remote does not say. */
  readonly defaultBranch: string | undefined;
  /** Branch name → tip. */
  readonly heads: ReadonlyMap<string, Sha>;
}

export interface PushSpec {
  /** Remote name or URL. */
  readonly to: string;
  readonly updates: readonly PushUpdate[];
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The project's pre-push hook has no say: what is kept stays on this machine. */
  readonly hooks?: 'skip';
}

export interface PushUpdate {
  /** Full ref on the remote, e.g. refs/heads/main. */
  readonly ref: string;
  /** undefined deletes it. */
  readonly sha: Sha | undefined;
  /** `--force-with-lease` value: the tip the remote must have; 'absent' = must not exist; undefined = plain push. */
  readonly lease?: Sha | 'absent';
}

export type PushOutcome =
  | { readonly pushed: true }
  | {
      readonly pushed: false;
      readonly cause: 'stale' | 'rejected' | 'unreachable' | 'timeout';
      readonly why: string;
    };

/**
 * Worktrees, also plain clones and submodules. Nothing here moves a branch off commits that only it holds: such a
 * branch is RefusedError `git.branch-elsewhere`, one that another worktree has `git.branch-in-use`. Hooks of the
 * project do not run. Submodules follow HEAD; one that cannot be fetched for the first time stays empty.
 */
export interface GitWorktrees {
  /**
   * New worktree at `path`, detached at `at`, or on `branch`: made there, or left by a killed attempt and moved
   * forward to the commit; `upstream` is the branch of origin that it follows. `sparse` (not empty): only these
   * folders are checked out, and the files at the top.
   */
  add(
    repo: string,
    path: string,
    at: {
      readonly commit: Sha;
      readonly branch?: string;
      readonly upstream?: string;
      readonly sparse?: readonly string[];
    },
  ): Promise<void>;
  list(repo: string): Promise<readonly WorktreeEntry[]>;
  /** What would be lost or is in the way; changes nothing. Throws UnreadableError `git.unreadable` when git cannot tell. */
  status(path: string): Promise<WorktreeStatus>;
  /** That part of it which says whether the tracked files are those of a commit; no folder is searched for others. */
  changes(path: string): Promise<Pick<WorktreeStatus, 'head' | 'changed'>>;
  /** True when the project has `file` (path below `path`) under version control; false too outside a repository. */
  isTracked(path: string, file: string): Promise<boolean>;
  /**
   * Moves HEAD: detached at `commit`, or to `branch`, which is made there or moved forward to it. Throws RefusedError
   * `git.local-changes` over changes of tracked files or an operation under way; untracked files stay.
   */
  checkout(path: string, to: { readonly commit: Sha; readonly branch?: string }): Promise<void>;
  /**
   * Stages everything but `excludes` (pathspecs, also when staged before), clones inside, and unstaged deletions
   * when `keepDeletions` is false, and commits; undefined when nothing was staged. Author and committer are the
   * given one. Throws RefusedError `git.operation-under-way` in a rebase, merge … (conflict marks would be committed).
   */
  commitAll(path: string, commit: WorktreeCommit): Promise<Sha | undefined>;
  /**
   * Drops all local changes, untracked (not ignored) files and operations in progress. HEAD stays on its branch when
   * that is at `commit`, else it is detached there. The proof says where everything can be read back.
   */
  reset(path: string, commit: Sha, proof: RescueProof | ScratchProof): Promise<void>;
  /** Moves a worktree with everything in it, its administrative entry too. The target must not be there. */
  move(repo: string, from: string, to: string): Promise<void>;
  /**
   * Copies into `path` the untracked files of the worktree `from` that its `patternFile` names (as a .gitignore would)
   * and that git ignores in `path` too. What is there stays. Returns the files copied; [] when there is no pattern file.
   */
  copyIgnored(
    path: string,
    source: { readonly from: string; readonly patternFile: string },
  ): Promise<readonly string[]>;
  /** Removes the worktree and its administrative entry, also half made or lost ones; absent is fine. Branches stay. */
  remove(repo: string, path: string, proof: RescueProof | ScratchProof): Promise<void>;
}

/** Everything that is in a worktree as one commit, and back again (P2). */
export interface GitSnapshots {
  /**
   * A commit whose tree is the files on disk, byte for byte, and whose parents are HEAD, the index, an operation
   * under way, stash entries and clones inside (its message names them); of a repository of its own (clone,
   * submodule) also its unpublished branches and whole stash. Neither the worktree nor the index nor any ref
   * changes. undefined when nothing but HEAD is there. Ignored files and the content of submodules are not in it:
   * ask those by their own path. Throws (never guesses) when something cannot be read.
   */
  take(path: string, message: string): Promise<Sha | undefined>;
  /** A snapshot that holds just this commit: for one that is about to lose its last name. */
  wrap(repo: string, commit: Sha, message: string): Promise<Sha>;
  /** What a snapshot holds. A commit that is none is read as one that holds only itself. */
  contents(repo: string, snapshot: Sha): Promise<SnapshotContents>;
  /**
   * Makes a new worktree at `path` and puts everything back as it was: HEAD (detached), files byte for byte, index,
   * operation under way, stash entries, clones inside. No ref moves and nothing that is there is written over; throws
   * ExternalError `git.failed` when `path` is taken. @returns what could not be brought back, one line each
   */
  restore(repo: string, snapshot: Sha, to: RestorePlace): Promise<readonly string[]>;
  /**
   * Commits that no ref, no HEAD and no other commit names any more; logs of refs do not count. git collects them one
   * day. Reads through the whole repository.
   */
  lost(repo: string): Promise<readonly Sha[]>;
}

export interface SnapshotContents {
  /** undefined: there was no commit yet. */
  readonly head: Sha | undefined;
  /** Tree = what was staged; undefined when that was as in HEAD. */
  readonly index: Sha | undefined;
  readonly operation: { readonly name: string; readonly commit: Sha } | undefined;
  /** Newest first. */
  readonly stashes: readonly Sha[];
  readonly clones: readonly { readonly path: string; readonly commit: Sha }[];
  /** Of a repository of its own; the name is undefined in snapshots that did not note it. */
  readonly branches: readonly { readonly name: string | undefined; readonly commit: Sha }[];
}

export interface RestorePlace {
  readonly path: string;
  /** Snapshots of submodules, by their path in the worktree. */
  readonly submodules: readonly { readonly path: string; readonly commit: Sha }[];
}

export interface WorktreeEntry {
  readonly path: string;
  readonly head: Sha | undefined;
  readonly branch: string | undefined;
}

export interface WorktreeStatus {
  /** undefined in an empty repository. */
  readonly head: Sha | undefined;
  /** undefined when detached. */
  readonly branch: string | undefined;
  /** Changed or staged tracked paths. */
  readonly changed: readonly string[];
  readonly untracked: readonly string[];
  /** Stash entries made on this worktree's branch or head (stashes are shared by all worktrees of a repository). */
  readonly stashes: number;
  /** rebase, merge, cherry-pick, revert or bisect under way. */
  readonly operation: string | undefined;
}

export interface WorktreeCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly excludes: readonly string[];
  readonly keepDeletions: boolean;
}

declare const proofBrand: unique symbol;
/**
 * Proof that everything in a worktree is reachable elsewhere. Made only by src/hooks/rescue.ts, after it has
 * looked; whoever removes or resets a worktree must hold one (P2).
 */
export interface RescueProof {
  readonly [proofBrand]: true;
  readonly path: string;
  /** The ref that holds the bytes, or undefined when there was nothing to save. */
  readonly ref: string | undefined;
}

declare const scratchBrand: unique symbol;
/**
 * Proof that a worktree is the merge queue's own: nobody works there, and what gates leave in it is worth
 * nothing. Made only by src/refinery/gate-worktree.ts, for paths inside the rig's gate folder.
 */
export interface ScratchProof {
  readonly [scratchBrand]: true;
  readonly path: string;
}
