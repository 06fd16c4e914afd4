import type { TownContext } from '../beads/context.ts';
import { isBranchName } from '../core/branch.ts';
import { known, unknownFact } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import { GtError, NotFoundError, UnavailableError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { RemoteHeads } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';

export interface StartRequest {
  /** Branch the work will land on; default the rig's. */
  readonly base: string;
  /** Branch of an earlier try, to go on from. */
  readonly prior?: string | undefined;
  /** What the remote said just now; default: it is asked. */
  readonly origin?: Fact<RemoteHeads>;
}

/** Where a worktree starts. */
export interface StartPoint {
  readonly base: Sha;
  /** Tip of the prior branch; undefined when it is nowhere any more. */
  readonly prior: Sha | undefined;
}

/** What `origin` says now; one that does not answer is a fact too. */
export async function lookAtOrigin(ctx: TownContext, rig: Rig): Promise<Fact<RemoteHeads>> {
  try {
    return known(await ctx.ports.git.remotes.list(rig.paths.bare, 'origin'));
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.warn('remote not readable, using what was fetched', { rig: rig.name, why: error.message });
    return unknownFact(messageOf(error));
  }
}

/** Whether `origin` has a branch; out of reach, what was fetched from it before decides. */
export async function branchTest(
  ctx: TownContext,
  rig: Rig,
  origin: Fact<RemoteHeads>,
): Promise<(branch: string) => boolean> {
  if (origin.ok) return (branch) => origin.value.heads.has(branch);
  const prefix = 'refs/remotes/origin/';
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, prefix);
  const names = new Set(refs.map(({ name }) => name.slice(prefix.length)));
  return (branch) => names.has(branch);
}

/**
 * Fetches and resolves the base branch (and the prior one). With the remote out of reach what was fetched before
 * serves. NotFoundError `sling.no-base` when the remote has no such branch, UnavailableError
 * `sling.base-unknown` when it does not answer and nothing was fetched.
 */
export async function findStartPoint(ctx: TownContext, rig: Rig, request: StartRequest): Promise<StartPoint> {
  for (const branch of [request.base, request.prior ?? request.base]) checkBranch(branch);
  const { offline, base = await trackedTip(ctx, rig, request.base) } = await fetchStart(ctx, rig, request);
  if (base === undefined)
    throw offline === undefined ? noBase(rig, request.base) : baseUnknown(rig, request, offline);
  return { base, prior: request.prior === undefined ? undefined : await priorTip(ctx, rig, request.prior) };
}

interface Fetched {
  /** Why the remote could not be read; undefined = all that it has is here. */
  readonly offline?: string;
  /** The base's tip, when it was here already. */
  readonly base?: Sha | undefined;
}

async function fetchStart(ctx: TownContext, rig: Rig, request: StartRequest): Promise<Fetched> {
  const origin = request.origin ?? (await lookAtOrigin(ctx, rig));
  if (!origin.ok) return { offline: origin.why };
  const { heads } = origin.value;
  if (!heads.has(request.base)) throw noBase(rig, request.base);
  const stale: string[] = [];
  for (const name of [request.base, request.prior]) {
    const tip = name === undefined ? undefined : heads.get(name);
    if (name !== undefined && tip !== undefined && (await trackedTip(ctx, rig, name)) !== tip)
      stale.push(name);
  }
  if (stale.length === 0) return { base: heads.get(request.base) };
  try {
    await ctx.ports.git.remotes.fetch(rig.paths.bare, 'origin', stale);
    return {};
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.warn('remote not readable, using what was fetched', { rig: rig.name, why: error.message });
    return { offline: messageOf(error) };
  }
}

function trackedTip(ctx: TownContext, rig: Rig, branch: string): Promise<Sha | undefined> {
  return ctx.ports.git.objects.resolve(rig.paths.bare, `refs/remotes/origin/${branch}`);
}

/** The newer of the local and the remote tip; where they differ for real the remote one, which was handed in. */
async function priorTip(ctx: TownContext, rig: Rig, branch: string): Promise<Sha | undefined> {
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  const local = await objects.resolve(bare, `refs/heads/${branch}`);
  const remote = await trackedTip(ctx, rig, branch);
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
