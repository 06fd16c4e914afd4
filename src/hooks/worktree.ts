import { dirname } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { RefusedError, unreachable } from '../core/errors.ts';
import type { Sha, WorkerName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { polecatPaths } from '../town/layout.ts';
import { readAgentFile, writeAgentFile } from './agent-file.ts';
import { furnishWorktree } from './furnish.ts';
import { provedReachable } from './reachable.ts';
import { keep, rescueWorktree } from './rescue.ts';
import {
  dropStaleIndexLock,
  isReadableWorktree,
  lookAtPlace,
  realWorktreePath,
  setAside,
} from './worktree-files.ts';
import type { Place } from './worktree-files.ts';
import { isFlat } from './worktree-state.ts';
import { planWorktree } from './worktree-plan.ts';
import type { PlaceKind, WorktreeFacts, WorktreeGoal, WorktreeStep } from './worktree-plan.ts';

export interface ProvisionRequest extends WorktreeGoal {
  readonly rig: Rig;
  readonly worker: WorkerName;
  readonly bead: string;
  /** A commit that was proved a moment ago to be reachable elsewhere. */
  readonly published?: Sha | undefined;
}

export interface Provisioned {
  readonly path: string;
  /** Rescue refs written because something was left in the worktree. */
  readonly rescued: readonly string[];
  /** What went wrong without stopping the work: setup hooks that failed. */
  readonly warnings: readonly string[];
}

const LOCK_WAIT_MS = 60_000;

/**
 * F5: a worktree for one dispatch, reused or new, on its branch. Can be run again after a kill at any point; one
 * that is already whole for this dispatch is left alone, because an agent may have worked in it. Call only while
 * holding `lockWorktree`.
 */
export async function provisionWorktree(ctx: TownContext, request: ProvisionRequest): Promise<Provisioned> {
  const { rig, worker } = request;
  const { worktree: path } = polecatPaths(ctx.root, rig.name, worker);
  const seen = await lookAtPlace(ctx, path);
  const steps = planWorktree(request, await readFacts(ctx, request, { path, kind: seen.kind }));
  const rescued: string[] = [];
  for (const step of steps) rescued.push(...(await runStep(ctx, { request, path, step, seen })));
  const fresh = steps[0]?.do !== 'keep';
  const warnings = await furnishWorktree(ctx, { rig, path, fresh });
  const { dispatch, bead, branch, start } = request;
  // Written last: from now on the worktree counts as somebody's desk and is never reset for this dispatch.
  if (fresh) await writeAgentFile(ctx, rig, { worker, file: { dispatch, bead, branch, start } });
  return { path, rescued, warnings };
}

/**
 * A worktree for a worker that has no work yet, detached at `start`. Nothing when there is one already. Returns the
 * warnings of its setup. Call only while holding `lockWorktree`.
 */
export async function prepareWorktree(
  ctx: TownContext,
  rig: Rig,
  { worker, start }: { readonly worker: WorkerName; readonly start: Sha },
): Promise<readonly string[]> {
  const { home, worktree: path } = polecatPaths(ctx.root, rig.name, worker);
  if ((await lookAtPlace(ctx, path)).kind !== 'absent' || (await isFlat(ctx, home))) return [];
  const proof = await rescueWorktree(ctx, rig, { path, label: worker });
  await ctx.ports.git.worktrees.remove(rig.paths.bare, path, proof);
  await ctx.ports.git.worktrees.add(rig.paths.bare, path, { commit: start, sparse: rig.sparse });
  return furnishWorktree(ctx, { rig, path, fresh: true });
}

/**
 * Whoever changes a worker's worktree holds this: dispatch, done, nuke and clean-up exclude each other.
 * UnavailableError `lock.held` after `waitMs` (default a minute).
 */
export function lockWorktree(
  ctx: TownContext,
  rig: Rig,
  holder: { readonly worker: WorkerName; readonly purpose: string; readonly waitMs?: number },
): Promise<AsyncDisposable> {
  const { worker, purpose, waitMs = LOCK_WAIT_MS } = holder;
  return ctx.ports.locks.acquire(`worktree-${rig.name}-${worker}`, { waitMs, purpose });
}

async function readFacts(
  ctx: TownContext,
  request: ProvisionRequest,
  { path, kind }: { readonly path: string; readonly kind: PlaceKind },
): Promise<WorktreeFacts> {
  const { rig, worker, branch } = request;
  const { objects, worktrees } = ctx.ports.git;
  const entries = await worktrees.list(rig.paths.bare);
  const real = await realWorktreePath(ctx, rig, path);
  const elsewhere = entries.find((entry) => entry.branch === branch && entry.path !== real);
  if (elsewhere !== undefined) {
    throw new RefusedError({
      code: 'worktree.branch-in-use',
      message: `branch ${branch} is checked out in ${elsewhere.path}`,
      hint: 'Release that worker first: gt polecat list',
    });
  }
  return {
    place: kind,
    flat: await isFlat(ctx, dirname(path)),
    listed: entries.some((entry) => entry.path === real),
    finishedFor: (await readAgentFile(ctx, rig, worker))?.dispatch,
    branchTip: await objects.resolve(rig.paths.bare, `refs/heads/${branch}`),
  };
}

interface StepRun {
  readonly request: ProvisionRequest;
  readonly path: string;
  readonly step: WorktreeStep;
  /** What lay there before the first step. */
  readonly seen: Place;
}

async function runStep(ctx: TownContext, { request, path, step, seen }: StepRun): Promise<readonly string[]> {
  const { rig, worker, branch, start, published } = request;
  const { worktrees } = ctx.ports.git;
  switch (step.do) {
    case 'keep':
      return [];
    case 'remove-empty':
      await ctx.ports.files.remove(path);
      return [];
    case 'remove-flat': {
      const home = dirname(path);
      if (!(await isReadableWorktree(ctx, home))) await setAside(ctx, rig, { worker, path: home });
      const proof = await rescueWorktree(ctx, rig, { path: home, label: worker });
      await worktrees.remove(rig.paths.bare, home, proof);
      return proof.refs;
    }
    case 'set-aside':
      await setAside(ctx, rig, { worker, path });
      return [];
    case 'forget': {
      const proof = await rescueWorktree(ctx, rig, { path, label: worker });
      await worktrees.remove(rig.paths.bare, path, proof);
      return proof.refs;
    }
    case 'clean':
      return cleanWorktree(ctx, rig, { worker, path, published, seen });
    case 'move-branch':
      return moveBranch(ctx, request, step.from);
    case 'add':
      await worktrees.add(rig.paths.bare, path, { commit: start, sparse: rig.sparse });
      return [];
    case 'switch':
      await worktrees.checkout(path, { commit: start, branch });
      return [];
    default:
      return unreachable(step, 'worktree step');
  }
}

export interface CleanRequest {
  readonly worker: WorkerName;
  readonly path: string;
  /** Where HEAD goes; default: where it is. */
  readonly to?: Sha | undefined;
  /** A commit that the caller has just read back from the remote. */
  readonly published?: Sha | undefined;
  /** What the caller has just seen there. */
  readonly seen?: Place;
}

/**
 * Rescues what is in a worktree, drops it, and leaves HEAD detached: no branch moves. A folder that git cannot read
 * is left as it is. Returns the rescue refs. Call only while holding `lockWorktree`.
 */
export async function cleanWorktree(
  ctx: TownContext,
  rig: Rig,
  { worker, path, to, published, seen }: CleanRequest,
): Promise<readonly string[]> {
  const { worktrees } = ctx.ports.git;
  const place = seen ?? (await lookAtPlace(ctx, path));
  const rescue = { path, label: worker, published };
  if (place.kind === 'absent') return (await rescueWorktree(ctx, rig, rescue)).refs;
  if (place.kind !== 'worktree') return [];
  const { head, branch, changed, untracked, operation } = place.status;
  await dropStaleIndexLock(ctx, path);
  const proof = await rescueWorktree(ctx, rig, { ...rescue, status: place.status });
  if (head === undefined) return proof.refs;
  const dirty = changed.length > 0 || untracked.length > 0 || operation !== undefined;
  if (dirty) await worktrees.reset(path, head, proof);
  const goal = to ?? head;
  if (branch !== undefined || operation !== undefined || goal !== head)
    await worktrees.checkout(path, { commit: goal });
  return proof.refs;
}

/** A branch of an earlier try goes to where the work was handed in; commits only it names are kept first. */
async function moveBranch(
  ctx: TownContext,
  request: ProvisionRequest,
  from: Sha,
): Promise<readonly string[]> {
  const { rig, worker, branch, start } = request;
  const kept = (await provedReachable(ctx, rig, from))
    ? []
    : [await keep(ctx, rig, { label: worker, sha: from, about: { branch, bead: request.bead } })];
  const moved = await ctx.ports.git.objects.updateRef(rig.paths.bare, `refs/heads/${branch}`, {
    to: start,
    from,
  });
  if (moved) return kept;
  throw new RefusedError({
    code: 'worktree.branch-moved',
    message: `branch ${branch} moved while its worktree was being prepared`,
    hint: 'Try again',
  });
}
