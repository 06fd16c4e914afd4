import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import { readWorkerName } from '../core/names.ts';
import { furnishWorktree } from '../hooks/furnish.ts';
import { findStartPoint } from '../hooks/start-point.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { listRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { writeIdentityFile } from '../town/identity-file.ts';
import { crewPlace, lockCrew } from '../rig/crew-place.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

export type CrewAddress = CrewPlace['address'];

/** The folder that crew of one rig has in another: `R2/crew/<own rig>-<own name>`. */
function worktreePlace(own: CrewAddress, rig: Rig): CrewPlace {
  return crewPlace(rig, readWorkerName(`${own.rig}-${own.name}`));
}

/** Branch of such a worktree: no two worktrees of a repository can be on the default branch itself. */
export function worktreeBranch(place: CrewPlace): string {
  return `crew/${place.name}`;
}

/** The caller, when it is crew. RefusedError `worktree.not-crew`. */
export function crewActor({ actor }: TownContext): CrewAddress {
  if (actor.role === 'crew') return actor;
  throw new RefusedError({
    code: 'worktree.not-crew',
    message: `worktrees in other rigs are for crew; you are ${formatAddress(actor)}`,
    hint: 'Go to a crew workspace: gt crew list',
  });
}

/**
 * A worktree of another rig for crew, at that rig's default branch, under the same identity. One that is there is
 * left as it is. RefusedError `worktree.own-rig`, `worktree.taken`. Returns warnings.
 */
export async function addWorktree(
  ctx: TownContext,
  own: CrewAddress,
  rig: Rig,
): Promise<{ readonly place: CrewPlace; readonly made: boolean; readonly warnings: readonly string[] }> {
  if (own.rig === rig.name) {
    throw new RefusedError({
      code: 'worktree.own-rig',
      message: `${formatAddress(own)} has its own clone of ${rig.name}`,
      hint: 'Name another rig: gt rig list',
    });
  }
  const place = worktreePlace(own, rig);
  await using _lock = await lockCrew(ctx, place, 'worktree');
  const made = !(await isThere(ctx, place));
  if (made) await makeWorktree(ctx, place);
  const request = { rig, path: place.path, fresh: made, hide: ['/.gt-agent'] };
  const warnings = await furnishWorktree(ctx, request);
  await writeIdentityFile(ctx.ports.files, place.path, own);
  return { place, made, warnings };
}

async function isThere(ctx: TownContext, place: CrewPlace): Promise<boolean> {
  const folder = (await listCrewFolders(ctx, place.rig)).find(({ name }) => name === place.name);
  if (folder === undefined || folder.kind === 'worktree') return folder !== undefined;
  if (((await ctx.ports.files.list(place.path)) ?? []).length === 0) return false;
  throw new RefusedError({
    code: 'worktree.taken',
    message: `${place.path} is there and is no worktree`,
    hint: 'Move it away',
  });
}

async function makeWorktree(ctx: TownContext, place: CrewPlace): Promise<void> {
  const { rig, path } = place;
  const { worktrees, objects } = ctx.ports.git;
  const branch = worktreeBranch(place);
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch });
  // Commits of an earlier worktree of this name that are nowhere else stay on the branch: it goes on from there.
  const tip = await objects.resolve(rig.paths.bare, `refs/heads/${branch}`);
  const isOlder = tip === undefined || (await objects.mergeBase(rig.paths.bare, tip, base)) === tip;
  await worktrees.add(rig.paths.bare, path, {
    commit: isOlder ? base : tip,
    branch,
    upstream: rig.defaultBranch,
    sparse: rig.sparse,
  });
}

/** Worktrees of one crew member in all rigs, or of everybody. */
export async function listWorktrees(ctx: TownContext, own: AgentAddress): Promise<readonly CrewPlace[]> {
  const rigs = await listRigs(ctx);
  const all = await Promise.all(
    rigs.map(async (rig) =>
      (await listCrewFolders(ctx, rig))
        .filter(({ kind }) => kind === 'worktree')
        .map(({ name }) => crewPlace(rig, name)),
    ),
  );
  return all.flat().filter(({ name }) => own.role !== 'crew' || name === `${own.rig}-${own.name}`);
}

/** NotFoundError `worktree.not-found`. */
export async function findWorktree(ctx: TownContext, own: CrewAddress, rig: Rig): Promise<CrewPlace> {
  const place = worktreePlace(own, rig);
  const folders = await listCrewFolders(ctx, rig);
  if (folders.some(({ name, kind }) => name === place.name && kind === 'worktree')) return place;
  throw new NotFoundError({
    code: 'worktree.not-found',
    message: `${formatAddress(own)} has no worktree in ${rig.name}`,
    hint: 'Run: gt worktree list',
  });
}
