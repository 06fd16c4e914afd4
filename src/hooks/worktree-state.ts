import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { factOf } from '../core/fact.ts';
import type { Sha, WorkerName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { polecatPaths } from '../town/layout.ts';
import { provedReachable } from './reachable.ts';
import { submodulesOf } from './submodules.ts';

/** What a worker's worktree holds, as git says. */
export type WorktreeState =
  { readonly kind: 'absent' } | { readonly kind: 'unreadable'; readonly why: string } | ReadableWorktree;

export interface ReadableWorktree {
  readonly kind: 'readable';
  /** undefined: detached. */
  readonly branch: string | undefined;
  /** undefined: no commit yet. */
  readonly head: Sha | undefined;
  /** Paths in no commit. */
  readonly changes: readonly string[];
  readonly stashes: number;
  /** rebase, merge … under way. */
  readonly operation: string | undefined;
  /** HEAD and those of submodules are proved to be on a remote or in a rescue ref. */
  readonly headSafe: boolean;
  /** Commits of HEAD that neither its branch on the remote nor the default branch has; 0 when HEAD is on the remote. */
  readonly unpushed: number;
}

/** More commits than this are not counted. */
const MOST_COMMITS = 1000;

/** Where a worker's worktree is: `polecats/n/<rig>`, or `polecats/n` itself in towns of the first layout. */
export async function findWorktree(ctx: TownContext, rig: Rig, worker: WorkerName): Promise<string> {
  const { home, worktree } = polecatPaths(ctx.root, rig.name, worker);
  if ((await ctx.ports.files.stat(worktree)) !== undefined) return worktree;
  return (await isFlat(ctx, home)) ? home : worktree;
}

/** True for a worker's folder that is a worktree itself. */
export async function isFlat(ctx: TownContext, home: string): Promise<boolean> {
  return (await ctx.ports.files.stat(join(home, '.git'))) !== undefined;
}

/**
 * Looks and changes nothing. A worktree that git cannot read is `unreadable`: nothing may be concluded from it.
 * @param remote what `remoteTips` said a moment ago; default: the remote is asked
 */
export async function readWorktreeState(
  ctx: TownContext,
  rig: Rig,
  worker: WorkerName,
  remote?: readonly Sha[],
): Promise<WorktreeState> {
  const path = await findWorktree(ctx, rig, worker);
  if ((await ctx.ports.files.stat(path)) === undefined) return { kind: 'absent' };
  try {
    const { head, branch, changed, untracked, stashes, operation } =
      await ctx.ports.git.worktrees.status(path);
    const onRemote = head === undefined || (await provedReachable(ctx, rig, head, remote));
    return {
      kind: 'readable',
      branch,
      head,
      changes: [...changed, ...untracked],
      stashes,
      operation,
      headSafe: onRemote && (await submodulesSafe(ctx, path)),
      unpushed: onRemote ? 0 : await countUnpushed(ctx, rig, { head, branch }),
    };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('worktree not readable', { path, why: messageOf(error) });
    return { kind: 'unreadable', why: messageOf(error) };
  }
}

/** Nothing in it is at risk when it is used again or removed. */
export function isClean(state: WorktreeState): boolean {
  if (state.kind !== 'readable') return state.kind === 'absent';
  return state.headSafe && state.head !== undefined && atStake(state).length === 0;
}

/** What is in no commit, in words. */
export function atStake(state: ReadableWorktree): readonly string[] {
  const { changes, stashes, operation } = state;
  return [
    ...changes,
    ...Array.from({ length: stashes }, (_, index) => `stash@{${index}}`),
    ...(operation === undefined ? [] : [`${operation} under way`]),
  ];
}

async function countUnpushed(
  ctx: TownContext,
  rig: Rig,
  { head, branch }: { readonly head: Sha | undefined; readonly branch: string | undefined },
): Promise<number> {
  if (head === undefined) return 0;
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  const own = branch === undefined ? undefined : await objects.resolve(bare, `refs/remotes/origin/${branch}`);
  const from = own ?? (await objects.resolve(bare, `refs/remotes/origin/${rig.defaultBranch}`));
  const range = { ...(from === undefined ? {} : { from }), to: head, limit: MOST_COMMITS };
  return (await objects.log(bare, range)).length;
}

/** A submodule's repository goes with the worktree: only what its own remote shows is safe. */
async function submodulesSafe(ctx: TownContext, worktree: string): Promise<boolean> {
  for (const path of await submodulesOf(ctx, worktree)) {
    const repo = join(worktree, path);
    const head = await ctx.ports.git.objects.resolve(repo, 'HEAD');
    if (head === undefined) continue;
    const shown = await factOf(() => ctx.ports.git.remotes.list(repo, 'origin'));
    if (!shown.ok || ![...shown.value.heads.values()].includes(head)) return false;
  }
  return true;
}
