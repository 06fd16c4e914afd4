import type { TownContext } from '../beads/context.ts';
import type { Sha } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { keptInRescue, provedReachable } from './reachable.ts';
import { keep } from './rescue.ts';

declare const brand: unique symbol;
/**
 * Proof that the commits of a branch stay reachable without it. Made only here, after looking; whoever deletes a
 * branch must hold one (P2).
 */
export interface BranchProof {
  readonly [brand]: true;
  readonly branch: string;
  /** The proof speaks of this commit only. */
  readonly tip: Sha;
  readonly by: ProvedBy;
  /** The rescue ref that was written for it. */
  readonly ref: string | undefined;
}

/** landed: the target holds its commits or their patches. */
export type ProvedBy = 'landed' | 'on the remote' | 'kept';

export interface BranchTip {
  readonly branch: string;
  readonly tip: Sha;
}

export interface BranchQuestion extends BranchTip {
  /** Tip of the branch it lands on. */
  readonly target?: Sha | undefined;
  /** The commit as which the merge queue landed it; counts when the target holds it. */
  readonly landedAs?: Sha | undefined;
  /** What `remoteTips` said a moment ago; default: the remote is asked. */
  readonly remote?: readonly Sha[];
}

/** undefined when its commits are nowhere else, as far as can be seen. */
export async function proveBranch(
  ctx: TownContext,
  rig: Rig,
  { branch, tip, target, landedAs, remote }: BranchQuestion,
): Promise<BranchProof | undefined> {
  if (target !== undefined && (await hasLanded(ctx, rig, { tip, target, landedAs })))
    return proof({ branch, tip, by: 'landed' });
  if (await keptInRescue(ctx, rig, tip)) return proof({ branch, tip, by: 'kept' });
  return (await provedReachable(ctx, rig, tip, remote))
    ? proof({ branch, tip, by: 'on the remote' })
    : undefined;
}

/** The same, but what is nowhere else goes into a rescue ref first. @param label the worker's name */
export async function proveOrKeep(
  ctx: TownContext,
  rig: Rig,
  { branch, tip, label }: BranchTip & { readonly label: string },
): Promise<BranchProof> {
  const found = await proveBranch(ctx, rig, { branch, tip });
  if (found !== undefined) return found;
  return proof({
    branch,
    tip,
    by: 'kept',
    ref: await keep(ctx, rig, { label, sha: tip, about: { branch } }),
  });
}

interface Landing {
  readonly tip: Sha;
  readonly target: Sha;
  readonly landedAs?: Sha | undefined;
}

/** The target holds every commit, or a commit with the same patch as each, or the one that the queue made of them. */
export async function hasLanded(
  ctx: TownContext,
  rig: Rig,
  { tip, target, landedAs }: Landing,
): Promise<boolean> {
  const { objects } = ctx.ports.git;
  const base = await objects.mergeBase(rig.paths.bare, target, tip);
  if (base === tip) return true;
  if (landedAs !== undefined && (await isAncestor(ctx, rig, { commit: landedAs, of: target }))) return true;
  return base !== undefined && (await objects.missingPatches(rig.paths.bare, target, tip)).length === 0;
}

async function isAncestor(
  ctx: TownContext,
  rig: Rig,
  { commit, of }: { readonly commit: Sha; readonly of: Sha },
): Promise<boolean> {
  const { objects } = ctx.ports.git;
  if ((await objects.resolve(rig.paths.bare, commit)) === undefined) return false;
  return (await objects.mergeBase(rig.paths.bare, of, commit)) === commit;
}

/** Deletes the local branch if it still is where the proof looked; false when it moved. */
export function removeLocalBranch(
  ctx: TownContext,
  rig: Rig,
  { branch, tip }: BranchProof,
): Promise<boolean> {
  const change = { to: undefined, from: tip };
  return ctx.ports.git.objects.updateRef(rig.paths.bare, `refs/heads/${branch}`, change);
}

function proof(facts: BranchTip & { readonly by: ProvedBy; readonly ref?: string }): BranchProof {
  return { ref: undefined, ...facts } as unknown as BranchProof;
}
