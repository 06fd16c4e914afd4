import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { heldEverywhere } from '../hooks/find-hooked.ts';
import { looseTips } from '../hooks/rescue-clone.ts';
import { submodulesOf } from '../hooks/submodules.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import type { CloneFacts, RemoveFacts } from './remove-plan.ts';

export async function readRemoveFacts(ctx: TownContext, place: CrewPlace): Promise<RemoveFacts> {
  const { rig, name, path, session, address } = place;
  const seen = await ctx.ports.panes.observe(session);
  return {
    rig: rig.name,
    name,
    path,
    sessionUp: seen.kind === 'live' || seen.kind === 'unreadable',
    held: (await heldEverywhere(ctx, address)).held,
    clone: await readClone(ctx, place),
  };
}

async function readClone(ctx: TownContext, { rig, path }: CrewPlace): Promise<CloneFacts | undefined> {
  const { worktrees } = ctx.ports.git;
  try {
    const [entries, own, tips] = await Promise.all([
      worktrees.list(path),
      ctx.ports.files.realPath(path),
      looseTips(ctx, rig, path),
    ]);
    const inside = (await submodulesOf(ctx, path)).map((submodule) => `${path}/${submodule}`);
    const dirty = await Promise.all([path, ...inside].map((folder) => dirtOf(ctx, folder)));
    const names = new Set(tips.map(({ name }) => name.replace(/^refs\/heads\//, '')));
    return {
      dirty: [...dirty.flat(), ...(names.has('refs/stash') ? ['the stash'] : [])],
      loose: [...names].filter((name) => !name.startsWith('refs/')),
      linked: entries.map((entry) => entry.path).filter((entry) => entry !== own),
    };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('clone not readable', { path, why: messageOf(error) });
    return undefined;
  }
}

async function dirtOf(ctx: TownContext, folder: string): Promise<readonly string[]> {
  const { changed, untracked, operation } = await ctx.ports.git.worktrees.status(folder);
  return [...(operation === undefined ? [] : [`${operation} under way`]), ...changed, ...untracked];
}
