import type { Sha } from '../core/names.ts';
import type { GitCommit, GitSignature, MergeOutcome } from '../ports/git.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Engine } from './engine.ts';
import { coAuthorsOf, landingMessage } from './trailers.ts';

/** Where the next change goes. */
export interface Tip {
  readonly commit: Sha;
  readonly tree: Sha;
  /** Unix seconds. */
  readonly at: number;
}

export interface HeadMerge {
  readonly mr: MergeRequest;
  readonly head: Sha;
  /** Commits the target does not have, newest first; at least one. */
  readonly commits: readonly GitCommit[];
  /** Head of what this one is stacked on and that has landed (or is ahead in the chain) as another commit. */
  readonly stackedOn: Sha | undefined;
  readonly tip: Tip;
}

const EPOCH: GitSignature = { name: 'gt', email: 'gt@localhost', at: 0 };

/** Merges the head's own change onto the tip, without a worktree. */
export async function mergeHead(engine: Engine, merge: HeadMerge): Promise<MergeOutcome> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  if (merge.stackedOn === undefined) return objects.mergeTree(repo, merge.tip.commit, merge.head);
  const from = (await objects.commit(repo, merge.stackedOn)).tree;
  const headTree = merge.commits[0]?.tree ?? (await objects.commit(repo, merge.head)).tree;
  return mergeTrees(engine, { from, ours: merge.tip.tree, theirs: headTree });
}

/**
 * A three-way merge of trees. Git finds the base of a merge by itself from commits, so three commits are made
 * that say what we want: the base, and the two sides as its children.
 */
export async function mergeTrees(
  engine: Engine,
  trees: { readonly from: Sha; readonly ours: Sha; readonly theirs: Sha },
): Promise<MergeOutcome> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const make = (tree: Sha, parents: readonly Sha[], message: string): Promise<Sha> =>
    objects.commitTree(repo, { tree, parents, message, author: EPOCH, committer: EPOCH });
  const base = await make(trees.from, [], 'base');
  const ours = await make(trees.ours, [base], 'ours');
  const theirs = await make(trees.theirs, [base], 'theirs');
  return objects.mergeTree(repo, ours, theirs);
}

/**
 * The commit that lands, on top of the tip. Everything in it comes from the head and the tip, so the same chain
 * built again (after a crash, on another machine) has the same ids.
 */
export async function commitHead(engine: Engine, merge: HeadMerge, tree: Sha): Promise<Tip> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const { mr, head, tip } = merge;
  const newest = merge.commits[0] ?? (await objects.commit(repo, head));
  const parents = engine.settings.method === 'merge' ? [tip.commit, head] : [tip.commit];
  const at = landingTime(newest, tip);
  const coAuthors = engine.settings.method === 'squash' ? coAuthorsOf(ownCommits(merge)) : [];
  const commit = await objects.commitTree(repo, {
    tree,
    parents,
    message: landingMessage(newest.message, { mr: mr.id, issue: mr.sourceIssue, head, coAuthors }),
    author: newest.author,
    committer: { ...engine.settings.committer, at },
  });
  return { commit, tree, at };
}

/** Without those of the branch that it is stacked on. */
function ownCommits({ commits, stackedOn }: HeadMerge): readonly GitCommit[] {
  const end = commits.findIndex(({ sha }) => sha === stackedOn);
  return end === -1 ? commits : commits.slice(0, end);
}

/** Never before the commit it stands on, so `git log` shows landings in their order. */
export function landingTime(newest: GitCommit, tip: Tip): number {
  return Math.max(newest.committer.at, tip.at);
}
