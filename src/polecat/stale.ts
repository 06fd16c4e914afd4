import type { TownContext } from '../beads/context.ts';
import type { Sha } from '../core/names.ts';
import { counted } from '../core/text.ts';
import { remoteTips } from '../hooks/reachable.ts';
import { findStartPoint } from '../hooks/start-point.ts';
import { atStake, readWorktreeState } from '../hooks/worktree-state.ts';
import type { WorktreeState } from '../hooks/worktree-state.ts';
import type { Rig } from '../rig/registry.ts';
import { listPolecats } from './list.ts';
import type { PolecatView } from './list.ts';

export interface StaleFacts {
  readonly view: Pick<PolecatView, 'verdict' | 'seen'>;
  readonly worktree: WorktreeState;
  /** Commits of the default branch that its HEAD has not; undefined without a readable HEAD. */
  readonly behind: number | undefined;
  /** So far behind is stale. */
  readonly threshold: number;
}

export interface StalePolecat extends StaleFacts {
  readonly view: PolecatView;
  readonly isStale: boolean;
  /** Why, in plain words. */
  readonly reason: string;
  /** Its worktree holds something that is nowhere else: it is never cleaned up. */
  readonly hasWork: boolean;
}

/** More than this is not counted. */
const MOST_BEHIND = 10_000;

/** Idle and far behind: its worktree is only in the way, and the next dispatch makes a new one. Pure. */
export function judgeStale(facts: StaleFacts): Pick<StalePolecat, 'isStale' | 'reason' | 'hasWork'> {
  const { view, worktree, behind, threshold } = facts;
  const hasWork =
    worktree.kind === 'unreadable' ||
    (worktree.kind === 'readable' && (atStake(worktree).length > 0 || !worktree.headSafe));
  const say = (isStale: boolean, reason: string) => ({ isStale, reason, hasWork });
  if (worktree.kind === 'unreadable') return say(false, `git cannot read its worktree: ${worktree.why}`);
  if (worktree.kind === 'absent') return say(false, 'it has no worktree');
  if (!isResting(view)) return say(false, `it is ${view.verdict.state}: ${view.verdict.reasons[0] ?? ''}`);
  if (behind === undefined) return say(false, 'it is at no commit');
  const distance = `${counted(behind, 'commit')} behind`;
  if (behind < threshold) return say(false, distance);
  return hasWork
    ? say(false, `${distance}, but it holds work that is nowhere else`)
    : say(true, `idle, ${distance}`);
}

/** Idle, or what a daemon will call idle: it holds nothing and no session is up. */
function isResting({ verdict, seen }: StaleFacts['view']): boolean {
  if (verdict.state === 'ending') return seen.kind !== 'live' && seen.kind !== 'unreadable';
  return verdict.state === 'idle';
}

/** All polecats of a rig with a folder, compared with the default branch as the remote has it now. */
export async function readStale(
  ctx: TownContext,
  rig: Rig,
  threshold: number,
): Promise<readonly StalePolecat[]> {
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch });
  const remote = await remoteTips(ctx, rig);
  const views = (await listPolecats(ctx, rig)).filter((view) => view.hasFolder);
  const found: StalePolecat[] = [];
  for (const view of views) {
    const worktree = await readWorktreeState(ctx, rig, view.name, remote);
    const behind = await countBehind(ctx, rig, { worktree, base });
    const facts = { view, worktree, behind, threshold };
    found.push({ ...facts, ...judgeStale(facts) });
  }
  return found;
}

async function countBehind(
  ctx: TownContext,
  rig: Rig,
  { worktree, base }: { readonly worktree: WorktreeState; readonly base: Sha },
): Promise<number | undefined> {
  if (worktree.kind !== 'readable' || worktree.head === undefined) return undefined;
  const range = { from: worktree.head, to: base, limit: MOST_BEHIND };
  return (await ctx.ports.git.objects.log(rig.paths.bare, range)).length;
}
