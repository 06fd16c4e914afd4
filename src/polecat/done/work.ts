import type { TownContext } from '../../beads/context.ts';
import { RefusedError } from '../../core/errors.ts';
import type { Fact } from '../../core/fact.ts';
import type { Sha } from '../../core/names.ts';
import { branchTest, findStartPoint, lookAtOrigin } from '../../hooks/start-point.ts';
import type { RemoteHeads, WorktreeStatus } from '../../ports/git.ts';
import { integrationBranchOf } from '../../rig/integration-branch.ts';
import type { Rig } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';
import type { DoneSubject } from './facts.ts';
import { sortLeftovers } from './leftovers.ts';
import type { Leftovers } from './leftovers.ts';
import type { DoneRequest } from './request.ts';

/** The state of the worktree against what it is to land on. */
export interface DoneWork {
  readonly worktree: string;
  /** The worktree's folder is gone: only what its branch holds can be handed in. */
  readonly isGone: boolean;
  /** Branch of the dispatch: what is pushed. */
  readonly branch: string;
  /** Branch the work lands on. */
  readonly target: string;
  readonly base: Sha;
  readonly head: Sha;
  readonly status: WorktreeStatus;
  readonly leftovers: Leftovers;
  /** Commits of HEAD that the base has not; counted up to 1000. */
  readonly ahead: number;
  readonly behind: number;
  /** What the push remote said a moment ago; undefined when it was not asked or did not answer. */
  readonly pushHeads: RemoteHeads | undefined;
}

const COUNT_LIMIT = 1000;

/**
 * Looks into the worktree and at the base it is to land on. UnreadableError when git cannot tell; RefusedError
 * `done.no-target`, `done.no-branch`.
 */
export async function readDoneWork(
  ctx: TownContext,
  subject: DoneSubject,
  request: DoneRequest,
): Promise<DoneWork> {
  const { rig, worker } = subject;
  const { worktree } = polecatPaths(ctx.root, rig.name, worker);
  const branch = subject.conflict?.mr?.branch ?? subject.row.branch;
  const isGone = (await ctx.ports.files.stat(worktree)) === undefined;
  const [origin, status] = await Promise.all([
    lookAtOrigin(ctx, rig),
    isGone ? statusOfBranch(ctx, rig, branch) : ctx.ports.git.worktrees.status(worktree),
  ]);
  const target = await findTarget(ctx, subject, { request, origin });
  const { base } = await findStartPoint(ctx, rig, { base: target, origin });
  const { head } = status;
  if (head === undefined || branch === undefined) {
    throw new RefusedError({
      code: 'done.no-branch',
      message: `${rig.name}/${worker} has no branch to hand in`,
    });
  }
  const { objects } = ctx.ports.git;
  const count = async (from: Sha, to: Sha): Promise<number> =>
    (await objects.log(rig.paths.bare, { from, to, limit: COUNT_LIMIT })).length;
  const [ahead, behind] = await Promise.all([count(base, head), count(head, base)]);
  const leftovers = sortLeftovers(status);
  const pushHeads = origin.ok && pushesToOrigin(rig) ? origin.value : undefined;
  return { worktree, isGone, branch, target, base, head, status, leftovers, ahead, behind, pushHeads };
}

export function hasWork({ ahead, leftovers }: Pick<DoneWork, 'ahead' | 'leftovers'>): boolean {
  return ahead > 0 || leftovers.take.length > 0;
}

function pushesToOrigin(rig: Rig): boolean {
  return rig.pushUrl === undefined;
}

interface TargetQuery {
  readonly request: DoneRequest;
  readonly origin: Fact<RemoteHeads>;
}

/** `--target`, else what it was slung for, else the integration branch of its epic, else the default branch. */
async function findTarget(
  ctx: TownContext,
  subject: DoneSubject,
  { request, origin }: TargetQuery,
): Promise<string> {
  const { rig, conflict, terms, settings, bead } = subject;
  const named = conflict?.mr?.target ?? request.target ?? terms.baseBranch;
  const exists = await branchTest(ctx, rig, origin);
  if (named === undefined) {
    const reads = await ctx.ledgers.open(rig.database);
    return (await integrationBranchOf(bead, { reads, settings, exists })) ?? rig.defaultBranch;
  }
  if (exists(named)) return named;
  throw new RefusedError({
    code: 'done.no-target',
    message: `${rig.name} has no branch '${named.slice(0, 80)}' on its remote to land on`,
    hint: `Run: git ls-remote --heads origin, then gt done --target <branch>`,
  });
}

/** Somebody removed the folder: what was committed is still in the repository that all worktrees share. */
async function statusOfBranch(
  ctx: TownContext,
  rig: Rig,
  branch: string | undefined,
): Promise<WorktreeStatus> {
  const head =
    branch === undefined
      ? undefined
      : await ctx.ports.git.objects.resolve(rig.paths.bare, `refs/heads/${branch}`);
  return { head, branch, changed: [], untracked: [], stashes: 0, operation: undefined };
}
