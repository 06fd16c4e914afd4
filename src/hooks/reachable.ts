import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { rescuePrefix } from './rescue-ref.ts';
import type { Rig } from '../rig/registry.ts';

/**
 * True when `commit` is proved to be reachable elsewhere: on the rig's remote, as the remote itself says now, or
 * in a rescue ref. A remote that does not answer proves nothing, so the answer is then false.
 * @param remote what `remoteTips` said a moment ago; default: the remote is asked
 */
export async function provedReachable(
  ctx: TownContext,
  rig: Rig,
  commit: Sha,
  remote?: readonly Sha[],
): Promise<boolean> {
  const tips = remote ?? (await remoteTips(ctx, rig));
  return (await someContain(ctx, rig, { tips, commit })) || keptInRescue(ctx, rig, commit);
}

/** True when a rescue ref holds `commit`. */
export async function keptInRescue(ctx: TownContext, rig: Rig, commit: Sha): Promise<boolean> {
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, rescuePrefix(rig));
  return someContain(ctx, rig, { tips: refs.map((ref) => ref.sha), commit });
}

/** Where work is pushed: the push URL when it differs, else the remote `origin` of the bare repository. */
export function pushRemote(rig: Rig): string {
  return rig.pushUrl ?? 'origin';
}

/** Tips of all branches on the rig's remotes, as they say now; [] of one that does not answer. */
export async function remoteTips(ctx: TownContext, rig: Rig): Promise<readonly Sha[]> {
  const { remotes } = ctx.ports.git;
  const places = rig.pushUrl === undefined ? ['origin'] : ['origin', rig.pushUrl];
  const tips = await Promise.all(
    places.map(async (place) => {
      try {
        return [...(await remotes.list(rig.paths.bare, place)).heads.values()];
      } catch (error) {
        if (!(error instanceof GtError)) throw error;
        ctx.ports.log.info('remote not readable', { rig: rig.name, place, why: messageOf(error) });
        return [];
      }
    }),
  );
  return [...new Set(tips.flat())];
}

/** A tip that was never fetched cannot be walked: it proves nothing but itself. */
async function someContain(
  ctx: TownContext,
  rig: Rig,
  { tips, commit }: { readonly tips: readonly Sha[]; readonly commit: Sha },
): Promise<boolean> {
  if (tips.includes(commit)) return true;
  if (tips.length === 0) return false;
  const beyond = await ctx.ports.git.objects.log(rig.paths.bare, { from: tips, to: commit, limit: 1 });
  return beyond.length === 0;
}
