import type { Sha } from '../core/names.ts';
import type { GitCommit } from '../ports/git.ts';
import type { Engine } from './engine.ts';
import { landedMark } from './trailers.ts';
import type { LandedMark } from './trailers.ts';

/** A branch this far ahead or behind is beyond what stacking and finding old landings look at. */
const DEPTH = 1000;
/** Of all branches together. */
const MOST = 20_000;
/** Commits of the target among which landings are looked for. */
export const RECENT = 300;

/** Commits around one tip of the target, read once per tip. */
export interface History {
  readonly base: Sha;
  /** Tree of the target's tip. */
  readonly tree: Sha;
  /** Time of the tip, Unix seconds. */
  readonly at: number;
  /** Reads the commits of many heads at once, for `ahead`. */
  load(heads: readonly Sha[]): Promise<void>;
  /** Commits of `head` that the target does not have, newest first; empty = it is all there. */
  ahead(head: Sha): Promise<readonly GitCommit[]>;
  /** Where this very head of a merge request landed lately. */
  landing(mr: string, head: Sha): Sha | undefined;
  /** The landing of the newest of `commits` that is the head of something landed lately. */
  landedAmong(commits: readonly GitCommit[]): LandedMark | undefined;
}

/** `head` and what it stands on among `commits`, in their order, the head first. */
export function reachableFrom(head: Sha, commits: ReadonlyMap<Sha, GitCommit>): readonly GitCommit[] {
  const found = new Set<Sha>();
  const queue = [head];
  for (let sha = queue.pop(); sha !== undefined; sha = queue.pop()) {
    const commit = commits.get(sha);
    if (commit === undefined || found.has(sha)) continue;
    found.add(sha);
    queue.push(...commit.parents);
  }
  const first = commits.get(head);
  const rest = [...commits.values()].filter(({ sha }) => sha !== head && found.has(sha));
  return first === undefined ? [] : [first, ...rest];
}

export async function readHistory(engine: Engine, base: Sha): Promise<History> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const recent = await objects.log(repo, { to: base, limit: RECENT });
  const marks = recent.map(landedMark).filter((mark) => mark !== undefined);
  const byHead = new Map(marks.map((mark) => [mark.head, mark]));
  const tip = recent[0] ?? (await objects.commit(repo, base));
  const known = new Map<Sha, Promise<readonly GitCommit[]>>();
  return {
    base,
    tree: tip.tree,
    at: tip.committer.at,
    load: async (heads) => {
      const fresh = heads.filter((head) => !known.has(head));
      if (fresh.length < 2) return;
      const commits = await objects.log(repo, { from: base, to: fresh, limit: MOST });
      // Too many to be all there: then each is asked for by itself.
      if (commits.length === MOST) return;
      const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
      for (const head of fresh) known.set(head, Promise.resolve(reachableFrom(head, bySha).slice(0, DEPTH)));
    },
    ahead: (head) => {
      const read = known.get(head) ?? objects.log(repo, { from: base, to: head, limit: DEPTH });
      known.set(head, read);
      return read;
    },
    landing: (mr, head) => marks.find((mark) => mark.mr === mr && mark.head === head)?.commit,
    landedAmong: (commits) => {
      const found = commits.find((commit) => byHead.has(commit.sha));
      return found === undefined ? undefined : byHead.get(found.sha);
    },
  };
}
