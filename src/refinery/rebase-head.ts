import type { Sha } from '../core/names.ts';
import type { GitCommit } from '../ports/git.ts';
import type { Engine } from './engine.ts';
import { landingTime, mergeTrees } from './merge-head.ts';
import type { HeadMerge, Tip } from './merge-head.ts';
import { landingMessage } from './trailers.ts';

/**
 * Replays the head's commits one by one onto the tip. undefined when that is not possible (merges in the branch,
 * a commit that conflicts by itself, another result than the merge as a whole): the caller then squashes.
 * @param wanted tree of the merge as a whole; absent = there is none, because that conflicts
 */
export async function rebaseHead(engine: Engine, merge: HeadMerge, wanted?: Sha): Promise<Tip | undefined> {
  const own = commitsAbove(merge.commits, merge.stackedOn);
  if (own.some((commit) => commit.parents.length !== 1)) return undefined;
  let tip = merge.tip;
  for (const commit of own.toReversed()) {
    const next = await replay(engine, { merge, commit, tip });
    if (next === undefined) return undefined;
    tip = next;
  }
  const isEmpty = tip.tree === merge.tip.tree;
  return isEmpty || (wanted !== undefined && tip.tree !== wanted) ? undefined : tip;
}

/** The commits that are not those of the change this one is stacked on, newest first. */
function commitsAbove(commits: readonly GitCommit[], stackedOn: Sha | undefined): readonly GitCommit[] {
  const end = commits.findIndex((commit) => commit.sha === stackedOn);
  return end === -1 ? commits : commits.slice(0, end);
}

async function replay(
  engine: Engine,
  step: { readonly merge: HeadMerge; readonly commit: GitCommit; readonly tip: Tip },
): Promise<Tip | undefined> {
  const { merge, commit, tip } = step;
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const [parent] = commit.parents;
  if (parent === undefined) return undefined;
  const from = (await objects.commit(repo, parent)).tree;
  const outcome = await mergeTrees(engine, { from, ours: tip.tree, theirs: commit.tree });
  if (!outcome.merged) return undefined;
  const { mr, head } = merge;
  const isLast = commit.sha === head;
  const at = landingTime(commit, tip);
  const sha = await objects.commitTree(repo, {
    tree: outcome.tree,
    parents: [tip.commit],
    message: isLast
      ? landingMessage(commit.message, { mr: mr.id, issue: mr.sourceIssue, head })
      : commit.message,
    author: commit.author,
    committer: { ...engine.settings.committer, at },
  });
  return { commit: sha, tree: outcome.tree, at };
}
