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
}

/** Rigs that push to a fork get a remote of their own for it, so that tracking refs of the two never mix. */
const FORK_REMOTE = 'gt-push';

export async function openPushRemote(ctx: TownContext, rig: Rig): Promise<PushRemote> {
  const repo = rig.paths.bare;
  const { pushUrl } = rig;
  if (pushUrl === undefined || pushUrl === rig.gitUrl) return { repo, name: 'origin' };
  const known = await ctx.ports.git.remotes.urls(repo, FORK_REMOTE);
  if (known?.fetch !== pushUrl) {
    await ctx.ports.git.remotes.setUrls(repo, FORK_REMOTE, { fetch: pushUrl });
  }
  return { repo, name: FORK_REMOTE };
}

/** What the remote itself says now. Throws UnavailableError `git.remote-unreachable`. */
export function readHeads(ctx: TownContext, { repo, name }: PushRemote): Promise<RemoteHeads> {
  return ctx.ports.git.remotes.list(repo, name);
}

/** Fetches those of `branches` whose tracking ref is not yet at the remote's tip; absent branches are skipped. */
export async function fetchBranches(
  ctx: TownContext,
  remote: PushRemote,
  wanted: { readonly heads: RemoteHeads; readonly branches: readonly string[] },
): Promise<void> {
  const prefix = `refs/remotes/${remote.name}/`;
  const tracked = tipsOf(await ctx.ports.git.objects.listRefs(remote.repo, prefix), prefix);
  const stale = wanted.branches.filter((branch) => {
    const tip = wanted.heads.heads.get(branch);
    return tip !== undefined && tracked.get(branch) !== tip;
  });
  if (stale.length > 0) await ctx.ports.git.remotes.fetch(remote.repo, remote.name, stale);
}

function tipsOf(refs: readonly GitRef[], prefix: string): ReadonlyMap<string, Sha> {
  return new Map(refs.map((ref) => [ref.name.slice(prefix.length), ref.sha]));
}
