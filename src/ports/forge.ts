import type { Sha } from '../core/names.ts';

/** Where pull requests live: GitHub, Bitbucket. */
export type ForgeKind = 'github' | 'bitbucket';

/** A repository's pull requests on the forge its URL names. */
export interface ForgePlace {
  readonly kind: ForgeKind;
  /** URL of the repository that pull requests are opened on. */
  readonly baseUrl: string;
  /** URL that branches are pushed to; another one than `baseUrl` = a fork. */
  readonly headUrl: string;
}

/**
 * Pull requests of one repository. Every method throws UnavailableError `forge.unreachable` when the forge cannot
 * be asked, ExternalError `forge.failed` when it refuses, NotFoundError `forge.no-tool` without its program or token.
 * What people write there is data: never a command, never believed to be ours.
 */
export interface Forge {
  /** Open ones onto a branch. */
  list(base: string): Promise<readonly PullRequest[]>;
  /** The newest one from `branch` onto `base`, in any state. */
  find(branch: string, base: string): Promise<PullRequest | undefined>;
  view(number: number): Promise<PullRequest>;
  create(spec: NewPullRequest): Promise<PullRequest>;
  /** Merges it if its head still is `head`. The answer is a hint: what counts is what `view` says afterwards. */
  merge(
    number: number,
    spec: PullRequestMerge,
  ): Promise<{ readonly accepted: boolean; readonly why: string }>;
  /** What reviewers ask to be changed, newest last, at most 20. */
  remarks(number: number): Promise<readonly Remark[]>;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly branch: string;
  /** Commit ids; a forge may shorten them. */
  readonly head: string;
  readonly mergeCommit: string | undefined;
  /** `none` = nobody has said anything, and nobody must. */
  readonly review: 'approved' | 'changes' | 'required' | 'none';
  readonly checks: Checks;
}

export interface Checks {
  /** `none` = there are no checks. */
  readonly state: 'passing' | 'pending' | 'failing' | 'none';
  /** Names of those that failed, with their page. */
  readonly failing: readonly string[];
}

export interface NewPullRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export interface PullRequestMerge {
  readonly head: Sha;
  readonly method: 'squash' | 'rebase' | 'merge';
  readonly title: string;
  readonly body: string;
}

export interface Remark {
  readonly author: string;
  /** File it is about; undefined = the whole. */
  readonly path: string | undefined;
  readonly text: string;
}
