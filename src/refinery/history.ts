import type { Sha } from '../core/names.ts';
import type { GitCommit } from '../ports/git.ts';
import type { Engine } from './engine.ts';
import { landedMark } from './trailers.ts';
import type { LandedMark } from './trailers.ts';

/** A branch this far ahead or behind is beyond what stacking and finding old landings look at. */
const DEPTH = 1000;
const RECENT = 300;

/** Commits around one tip of the target, read once per tip. */
export interface History {
  readonly base: Sha;
  /** Tree of the target's tip. */
  readonly tree: Sha;
  /** Time of the tip, Unix seconds. */
  readonly at: number;
  /** Commits of `head` that the target does not have, newest first; empty = it is all there. */
  ahead(head: Sha): Promise<readonly GitCommit[]>;
  /** Where this very head of a merge request landed lately. */
  landing(mr: string, head: Sha): Sha | undefined;
  /** The landing of the newest of `commits` that is the head of something landed lately. */
  landedAmong(commits: readonly GitCommit[]): LandedMark | undefined;
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
