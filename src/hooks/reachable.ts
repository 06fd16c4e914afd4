import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { rescuePrefix } from './rescue-ref.ts';
import type { Rig } from '../rig/registry.ts';

/**
 * True when `commit` is proved to be reachable elsewhere: on the rig's remote, as the remote itself says now, or
 * in a rescue ref. A remote that does not answer proves nothing, so the answer is then false.
 */
export async function provedReachable(ctx: TownContext, rig: Rig, commit: Sha): Promise<boolean> {
  return (
    (await someContains(ctx, rig, { tips: await remoteTips(ctx, rig), commit })) ||
    keptInRescue(ctx, rig, commit)
  );
}

/** True when a rescue ref holds `commit`. */
export async function keptInRescue(ctx: TownContext, rig: Rig, commit: Sha): Promise<boolean> {
  return someContains(ctx, rig, { tips: await rescueTips(ctx, rig), commit });
}

/** Where work is pushed: the push URL when it differs, else the remote `origin` of the bare repository. */
export function pushRemote(rig: Rig): string {
  return rig.pushUrl ?? 'origin';
}

async function remoteTips(ctx: TownContext, rig: Rig): Promise<readonly Sha[]> {
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

async function rescueTips(ctx: TownContext, rig: Rig): Promise<readonly Sha[]> {
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, rescuePrefix(rig));
  return refs.map((ref) => ref.sha);
}

async function someContains(
  ctx: TownContext,
  rig: Rig,
  { tips, commit }: { readonly tips: readonly Sha[]; readonly commit: Sha },
): Promise<boolean> {
  if (tips.includes(commit)) return true;
  const { objects } = ctx.ports.git;
  for (const tip of tips) {
    // A tip that we never fetched cannot be walked; it proves nothing.
    if ((await objects.resolve(rig.paths.bare, tip)) === undefined) continue;
    if ((await objects.mergeBase(rig.paths.bare, tip, commit)) === commit) return true;
  }
  return false;
}
