import type { TownContext } from '../beads/context.ts';
import { ExternalError, GtError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { provedReachable, remoteTips } from './reachable.ts';

/** A name in a clone whose commit is proved to be nowhere else. */
export interface LooseTip {
  /** `HEAD`, `refs/heads/x`, `refs/tags/v1`, `refs/stash`. */
  readonly name: string;
  readonly sha: Sha;
}

/**
 * HEAD, branches, tags and stash of a clone that neither the rig's remote (as it says now) nor a rescue ref holds; tags also
 * not when the rig's own repository has them. A remote that does not answer proves nothing.
 */
export async function looseTips(ctx: TownContext, rig: Rig, clone: string): Promise<readonly LooseTip[]> {
  const tips = await tipsOf(ctx, rig, clone);
  await fetchUnknown(ctx, rig, tips);
  const remote = await remoteTips(ctx, rig);
  const safe = new Map<Sha, boolean>();
  for (const { sha } of tips) {
    if (!safe.has(sha)) safe.set(sha, await isElsewhere(ctx, rig, { sha, remote }));
  }
  return tips.filter(({ sha }) => safe.get(sha) !== true);
}

/** A commit that the rig's own repository does not even know is on none of its remotes. */
async function isElsewhere(
  ctx: TownContext,
  rig: Rig,
  { sha, remote }: { readonly sha: Sha; readonly remote: readonly Sha[] },
): Promise<boolean> {
  const known = await ctx.ports.git.objects.resolve(rig.paths.bare, sha);
  return known !== undefined && provedReachable(ctx, rig, sha, remote);
}

async function tipsOf(ctx: TownContext, rig: Rig, clone: string): Promise<readonly LooseTip[]> {
  const { objects } = ctx.ports.git;
  const kept = new Map(
    (await objects.listRefs(rig.paths.bare, 'refs/tags/')).map((ref) => [ref.name, ref.sha]),
  );
  const tags = (await objects.listRefs(clone, 'refs/tags/')).filter((ref) => kept.get(ref.name) !== ref.sha);
  const names = [...(await objects.listRefs(clone, 'refs/heads/')), ...tags].map((ref) => ref.name);
  const tips = ['HEAD', 'refs/stash', ...names].map(async (name) => {
    const sha = await objects.resolve(clone, name);
    return sha === undefined ? [] : [{ name, sha }];
  });
  return (await Promise.all(tips)).flat();
}

/** What others have pushed since is on the remote, and perhaps not yet in the rig's repository. */
async function fetchUnknown(ctx: TownContext, rig: Rig, tips: readonly LooseTip[]): Promise<void> {
  const { objects, remotes } = ctx.ports.git;
  const known = await Promise.all(tips.map(({ sha }) => objects.resolve(rig.paths.bare, sha)));
  if (!known.includes(undefined)) return;
  try {
    await remotes.fetch(rig.paths.bare, 'origin', []);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('remote not readable', { rig: rig.name, why: messageOf(error) });
  }
}

export interface CloneRescue {
  readonly path: string;
  /** Its snapshot; undefined = nothing but commits is there. */
  readonly own: Sha | undefined;
  /** Set = this commit is kept in any case. */
  readonly head: Sha | undefined;
  /** Name of the first ref; further ones get a suffix. */
  readonly base: string;
  /** What a kept commit says of itself. @param branch the one it was on */
  readonly messageOf: (branch: string | undefined) => string;
}

/**
 * A clone's objects go with its folder, so its snapshot, and branches and tags that are nowhere else, are pushed into
 * the rig's own repository. Returns the refs written. Changes nothing in the clone.
 */
export async function rescueClone(
  ctx: TownContext,
  rig: Rig,
  { path, own, head, base, messageOf }: CloneRescue,
): Promise<readonly string[]> {
  const { remotes, snapshots } = ctx.ports.git;
  const commits = own === undefined ? [] : [own];
  for (const { sha, name } of await looseWithout(ctx, rig, { path, own })) {
    commits.push(await snapshots.wrap(path, sha, messageOf(name.replace(/^refs\/(?:heads|tags)\//, ''))));
  }
  if (commits.length === 0 && head !== undefined) {
    commits.push(await snapshots.wrap(path, head, messageOf(undefined)));
  }
  if (commits.length === 0) return [];
  const updates = commits.map((sha, index) => ({
    ref: index === 0 ? base : `${base}-${sha.slice(0, 8)}`,
    sha,
  }));
  const outcome = await remotes.push(path, { to: rig.paths.bare, updates, hooks: 'skip' });
  if (outcome.pushed) return updates.map(({ ref }) => ref);
  throw new ExternalError({
    code: 'rescue.failed',
    message: `cannot keep what is in ${path}: ${outcome.why}`,
    hint: 'Push or copy it by hand, then try again',
  });
}

/** One name per commit, those aside that the snapshot holds. */
async function looseWithout(
  ctx: TownContext,
  rig: Rig,
  { path, own }: Pick<CloneRescue, 'path' | 'own'>,
): Promise<readonly LooseTip[]> {
  const tips = await looseTips(ctx, rig, path);
  // Later ones win: a branch says more than HEAD.
  const single = [...new Map(tips.map((tip) => [tip.sha, tip])).values()];
  if (own === undefined) return single;
  const bases = await Promise.all(single.map(({ sha }) => ctx.ports.git.objects.mergeBase(path, sha, own)));
  return single.filter(({ sha }, index) => bases[index] !== sha);
}
