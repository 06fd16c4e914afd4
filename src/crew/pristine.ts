import type { TownContext } from '../beads/context.ts';
import { GtError, RefusedError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

/** What became of a workspace that was to be brought up to date. */
export interface Pristine {
  readonly place: CrewPlace;
  readonly branch: string;
  /** Paths in no commit: they stay, and so does everything else then. */
  readonly changes: readonly string[];
  readonly pulled: boolean;
  /** Why nothing was pulled; undefined = it was, or nothing was to be. */
  readonly why: string | undefined;
}

/**
 * Moves the branch of a workspace forward to what origin has of it. Only forward, and only when nothing is in the
 * way: a person's clone is never reset, merged or stashed.
 */
export async function bringUpToDate(ctx: TownContext, place: CrewPlace): Promise<Pristine> {
  const { git } = ctx.ports;
  const { branch, head, changed, untracked, operation } = await git.worktrees.status(place.path);
  const changes = [...changed, ...untracked];
  const stay = (why: string | undefined): Pristine => ({
    place,
    branch: branch ?? '',
    changes,
    pulled: false,
    why,
  });
  if (operation !== undefined) return stay(`a ${operation} is under way`);
  if (changes.length > 0) return stay('it has changes in no commit');
  if (branch === undefined) return stay('it is on no branch');
  try {
    const upstream = await followed(ctx, place, branch);
    if (upstream === undefined) return stay(`origin has no branch ${branch}`);
    if (head === undefined || (await isWithin(ctx, place, { upstream, head }))) return stay(undefined);
    await git.worktrees.checkout(place.path, { commit: upstream, branch });
    return { ...stay(undefined), pulled: true };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return stay(wordsFor(error, branch));
  }
}

/** What origin has of the branch, fetched now; before `crew/<name>` was pushed, what it began from. */
async function followed(ctx: TownContext, { path, rig, name }: CrewPlace, branch: string) {
  const { remotes, objects } = ctx.ports.git;
  const names = branch === `crew/${name}` ? [branch, rig.defaultBranch] : [branch];
  await remotes.fetch(path, 'origin', names);
  for (const each of names) {
    const tip = await objects.resolve(path, `refs/remotes/origin/${each}`);
    if (tip !== undefined) return tip;
  }
  return undefined;
}

/** Nothing new there: the branch has all of it, and perhaps more. */
async function isWithin(
  ctx: TownContext,
  { path }: CrewPlace,
  { upstream, head }: { readonly upstream: Sha; readonly head: Sha },
): Promise<boolean> {
  return (await ctx.ports.git.objects.mergeBase(path, head, upstream)) === upstream;
}

function wordsFor(error: GtError, branch: string): string {
  const isAhead = error instanceof RefusedError && error.code === 'git.branch-elsewhere';
  return isAhead ? `${branch} has commits that origin has not: push or rebase them` : messageOf(error);
}
