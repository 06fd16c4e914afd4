import { isLive, openMergeRequests } from '../beads/forms/merge-request.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { factOf } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import { counted } from '../core/text.ts';
import { hasLanded } from '../hooks/branch-proof.ts';
import { provedReachable } from '../hooks/reachable.ts';
import { atStake, readWorktreeState } from '../hooks/worktree-state.ts';
import type { WorktreeState } from '../hooks/worktree-state.ts';
import type { Rig } from '../rig/registry.ts';
import { issueOfBranch } from './branch.ts';
import type { PolecatView } from './list.ts';

export type RecoveryVerdict = 'SAFE_TO_NUKE' | 'NEEDS_RECOVERY' | 'NEEDS_MQ_SUBMIT';

export interface RecoveryFacts {
  readonly worktree: WorktreeState;
  /** The branch of its dispatch holds commits that are nowhere else. */
  readonly branchAtRisk: boolean;
  /** Commits of that branch that have not landed. */
  readonly ahead: boolean;
  /** Nobody waits for the work any more: its issue is closed. */
  readonly issueClosed: boolean;
  /** A merge request carries it. */
  readonly submitted: Fact<boolean>;
}

export interface Recovery {
  readonly branch: string | undefined;
  readonly issue: string | undefined;
  readonly verdict: RecoveryVerdict;
  readonly reasons: readonly string[];
  readonly mqStatus: 'submitted' | 'not_submitted' | 'unknown';
  readonly cleanupStatus: CleanupStatus;
}

export type CleanupStatus = 'clean' | 'has_uncommitted' | 'has_stash' | 'has_unpushed' | 'unknown';

/** May this worker go? From git itself: what agents report of their own tidiness is not asked. Pure. */
export function recoveryVerdict(
  facts: RecoveryFacts,
): Pick<Recovery, 'verdict' | 'reasons' | 'mqStatus' | 'cleanupStatus'> {
  const { submitted, issueClosed, ahead } = facts;
  const mqStatus = !submitted.ok ? 'unknown' : submitted.value ? 'submitted' : 'not_submitted';
  const rest = { mqStatus, cleanupStatus: cleanupStatusOf(facts) } as const;
  const losses = lossesOf(facts);
  if (losses.length > 0) return { verdict: 'NEEDS_RECOVERY', reasons: losses, ...rest };
  if (!ahead || issueClosed) {
    const reason = ahead
      ? 'its work is not wanted any more: the issue is closed'
      : 'it holds nothing that is nowhere else';
    return { verdict: 'SAFE_TO_NUKE', reasons: [reason], ...rest };
  }
  if (!submitted.ok) {
    return {
      verdict: 'NEEDS_RECOVERY',
      reasons: [`cannot tell whether it was handed in: ${submitted.why}`],
      ...rest,
    };
  }
  return submitted.value
    ? { verdict: 'SAFE_TO_NUKE', reasons: ['its work is in the merge queue'], ...rest }
    : {
        verdict: 'NEEDS_MQ_SUBMIT',
        reasons: ['its commits are on the remote, but in no merge request'],
        ...rest,
      };
}

function lossesOf({ worktree, branchAtRisk }: RecoveryFacts): readonly string[] {
  if (worktree.kind === 'unreadable') return [`git cannot read its worktree: ${worktree.why}`];
  const branch = branchAtRisk ? ['its branch has commits that are nowhere else'] : [];
  if (worktree.kind === 'absent') return branch;
  const changes = atStake(worktree);
  return [
    ...(changes.length === 0
      ? []
      : [`${counted(changes.length, 'change')} in no commit: ${changes.slice(0, 3).join(', ')}`]),
    ...(worktree.headSafe ? branch : [unpushedText(worktree.unpushed)]),
  ];
}

function unpushedText(unpushed: number): string {
  return unpushed === 0
    ? 'a submodule has commits on no remote'
    : `${counted(unpushed, 'commit')} on no remote`;
}

function cleanupStatusOf({ worktree, branchAtRisk }: RecoveryFacts): CleanupStatus {
  if (worktree.kind === 'unreadable') return 'unknown';
  if (worktree.kind === 'absent') return branchAtRisk ? 'has_unpushed' : 'clean';
  if (worktree.changes.length > 0 || worktree.operation !== undefined) return 'has_uncommitted';
  if (worktree.stashes > 0) return 'has_stash';
  return worktree.headSafe && !branchAtRisk ? 'clean' : 'has_unpushed';
}

export async function readRecovery(ctx: TownContext, rig: Rig, view: PolecatView): Promise<Recovery> {
  const worktree = await readWorktreeState(ctx, rig, view.name);
  const branch = (worktree.kind === 'readable' ? worktree.branch : undefined) ?? view.row?.branch;
  const issue = await factOf(() => findIssue(ctx, rig, { view, branch }));
  const bead = issue.ok ? issue.value : undefined;
  const facts: RecoveryFacts = {
    worktree,
    ...(await readBranch(ctx, rig, { branch, bead })),
    issueClosed: bead?.status === 'closed',
    submitted: issue.ok ? await factOf(() => isSubmitted(ctx, rig, { branch, bead })) : issue,
  };
  return { branch, issue: bead?.id, ...recoveryVerdict(facts) };
}

async function readBranch(
  ctx: TownContext,
  rig: Rig,
  { branch, bead }: { readonly branch: string | undefined; readonly bead: Bead | undefined },
): Promise<Pick<RecoveryFacts, 'branchAtRisk' | 'ahead'>> {
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  const tip = branch === undefined ? undefined : await objects.resolve(bare, `refs/heads/${branch}`);
  if (tip === undefined) return { branchAtRisk: false, ahead: false };
  const base = (bead === undefined ? undefined : slingTermsOf(bead).baseBranch) ?? rig.defaultBranch;
  const target = await objects.resolve(bare, `refs/remotes/origin/${base}`);
  return {
    branchAtRisk: !(await provedReachable(ctx, rig, tip)),
    ahead: target === undefined || !(await hasLanded(ctx, rig, { tip, target })),
  };
}

async function findIssue(
  ctx: TownContext,
  rig: Rig,
  { view, branch }: { readonly view: PolecatView; readonly branch: string | undefined },
): Promise<Bead | undefined> {
  const own = view.work.held[0] ?? view.work.submitted[0]?.bead;
  const id = branch === undefined ? undefined : issueOfBranch(branch);
  if (own !== undefined || id === undefined) return own;
  return (await ctx.ledgers.open(rig.database)).get(id);
}

async function isSubmitted(
  ctx: TownContext,
  rig: Rig,
  { branch, bead }: { readonly branch: string | undefined; readonly bead: Bead | undefined },
): Promise<boolean> {
  const requests = await openMergeRequests(await ctx.ledgers.open(rig.database), rig.name);
  return requests.some(
    (mr) => isLive(mr) && (mr.branch === branch || (bead !== undefined && mr.sourceIssue === bead.id)),
  );
}
