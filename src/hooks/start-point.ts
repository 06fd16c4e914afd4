import type { TownContext } from '../beads/context.ts';
import { isBranchName } from '../core/branch.ts';
import { GtError, NotFoundError, UnavailableError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';

export interface StartRequest {
  /** Branch the work will land on; default the rig's. */
  readonly base: string;
  /** Branch of an earlier try, to go on from. */
  readonly prior?: string | undefined;
}

/** Where a worktree starts. */
export interface StartPoint {
  readonly base: Sha;
  /** Tip of the prior branch; undefined when it is nowhere any more. */
  readonly prior: Sha | undefined;
}

/**
 * Fetches and resolves the base branch (and the prior one). With the remote out of reach what was fetched before
 * serves. NotFoundError `sling.no-base` when the remote has no such branch, UnavailableError
 * `sling.base-unknown` when it does not answer and nothing was fetched.
 */
export async function findStartPoint(ctx: TownContext, rig: Rig, request: StartRequest): Promise<StartPoint> {
  for (const branch of [request.base, request.prior ?? request.base]) checkBranch(branch);
  const offline = await fetchStart(ctx, rig, request);
  const { objects } = ctx.ports.git;
  const base = await objects.resolve(rig.paths.bare, `refs/remotes/origin/${request.base}`);
  if (base === undefined)
    throw offline === undefined ? noBase(rig, request.base) : baseUnknown(rig, request, offline);
  return { base, prior: request.prior === undefined ? undefined : await priorTip(ctx, rig, request.prior) };
}

/** Why the remote could not be read; undefined = fetched. */
async function fetchStart(ctx: TownContext, rig: Rig, request: StartRequest): Promise<string | undefined> {
  const { remotes } = ctx.ports.git;
  try {
    const { heads } = await remotes.list(rig.paths.bare, 'origin');
    if (!heads.has(request.base)) throw noBase(rig, request.base);
    const branches = [request.base, request.prior].filter((name) => name !== undefined && heads.has(name));
    await remotes.fetch(
      rig.paths.bare,
      'origin',
      branches.filter((name) => name !== undefined),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof NotFoundError) throw error;
    ctx.ports.log.warn('remote not readable, using what was fetched', {
      rig: rig.name,
      why: messageOf(error),
    });
    return messageOf(error);
  }
}

/** The newer of the local and the remote tip; where they differ for real the remote one, which was handed in. */
async function priorTip(ctx: TownContext, rig: Rig, branch: string): Promise<Sha | undefined> {
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  const local = await objects.resolve(bare, `refs/heads/${branch}`);
  const remote = await objects.resolve(bare, `refs/remotes/origin/${branch}`);
  if (local === undefined || remote === undefined) return local ?? remote;
  return (await objects.mergeBase(bare, local, remote)) === remote ? local : remote;
}

function checkBranch(branch: string): void {
  if (isBranchName(branch)) return;
  throw new NotFoundError({ code: 'sling.no-base', message: `'${branch.slice(0, 80)}' is no branch name` });
}

function noBase(rig: Rig, branch: string): NotFoundError {
  return new NotFoundError({
    code: 'sling.no-base',
    message: `${rig.name} has no branch '${branch}' on its remote`,
    hint: `Run: git ls-remote --heads ${rig.gitUrl}`,
  });
}

function baseUnknown(rig: Rig, request: StartRequest, why: string): UnavailableError {
  return new UnavailableError({
    code: 'sling.base-unknown',
    message: `cannot read branch '${request.base}' of ${rig.name}: ${why}`,
    hint: 'Check the network and the remote, then try again',
  });
}
