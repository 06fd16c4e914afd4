import type { TownContext } from '../beads/context.ts';
import type { Sha } from '../core/names.ts';
import type { GitRef, RemoteHeads } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';

/** The remote that a rig's work is pushed to: all that counts as landed is what this one says. */
export interface PushRemote {
  /** Bare repository that all of the rig's worktrees share. */
  readonly repo: string;
  /** Remote name in it. */
  readonly name: string;
  /** Remote of the target branch, where branches go to a fork and land by pull requests. */
  readonly base?: string;
}

/** Rigs that push to a fork get a remote of their own for it, so that tracking refs of the two never mix. */
const FORK_REMOTE = 'gt-push';

export async function openPushRemote(
  ctx: TownContext,
  rig: Rig,
  strategy: 'direct' | 'pr' = 'direct',
): Promise<PushRemote> {
  const repo = rig.paths.bare;
  const { pushUrl } = rig;
  if (pushUrl === undefined || pushUrl === rig.gitUrl) return { repo, name: 'origin' };
  const known = await ctx.ports.git.remotes.urls(repo, FORK_REMOTE);
  if (known?.fetch !== pushUrl) {
    await ctx.ports.git.remotes.setUrls(repo, FORK_REMOTE, { fetch: pushUrl });
  }
  return { repo, name: FORK_REMOTE, ...(strategy === 'pr' ? { base: 'origin' } : {}) };
}

/** What the remotes themselves say now. */
export interface LaneHeads extends RemoteHeads {
  /** Branches that were read from `base`. */
  readonly onBase: ReadonlySet<string>;
}

/** Throws UnavailableError `git.remote-unreachable`. */
export async function readHeads(ctx: TownContext, { repo, name, base }: PushRemote): Promise<LaneHeads> {
  const { remotes } = ctx.ports.git;
  const own = await remotes.list(repo, name);
  if (base === undefined) return { ...own, onBase: new Set() };
  const { defaultBranch, heads } = await remotes.list(repo, base);
  return {
    defaultBranch,
    heads: new Map([...own.heads, ...heads]),
    onBase: new Set(heads.keys()),
  };
}

/** Fetches those of `branches` whose tracking ref is not yet at the remote's tip; absent branches are skipped. */
export async function fetchBranches(
  ctx: TownContext,
  remote: PushRemote,
  { heads, branches }: { readonly heads: LaneHeads; readonly branches: readonly string[] },
): Promise<void> {
  const { objects, remotes } = ctx.ports.git;
  const places = [
    { name: remote.name, own: branches.filter((branch) => !heads.onBase.has(branch)) },
    { name: remote.base ?? remote.name, own: branches.filter((branch) => heads.onBase.has(branch)) },
  ];
  for (const { name, own } of places.filter((place) => place.own.length > 0)) {
    const prefix = `refs/remotes/${name}/`;
    const tracked = tipsOf(await objects.listRefs(remote.repo, prefix), prefix);
    const stale = own.filter((branch) => {
      const tip = heads.heads.get(branch);
      return tip !== undefined && tracked.get(branch) !== tip;
    });
    if (stale.length > 0) await remotes.fetch(remote.repo, name, stale);
  }
}

function tipsOf(refs: readonly GitRef[], prefix: string): ReadonlyMap<string, Sha> {
  return new Map(refs.map((ref) => [ref.name.slice(prefix.length), ref.sha]));
}
