import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError, messageOf } from '../core/errors.ts';
import { isOldWorkerName } from '../core/names.ts';
import type { Sha } from '../core/names.ts';
import type { RescueProof, WorktreeStatus } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';
import { readAgentFile } from './agent-file.ts';
import { provedReachable } from './reachable.ts';
import { rescueClone } from './rescue-clone.ts';
import { rescuePrefix, rescueStamp } from './rescue-ref.ts';
import { submodulesOf } from './submodules.ts';
import { realWorktreePath } from './worktree-files.ts';

/** Everything a worktree holds, kept elsewhere. */
export interface Rescue extends RescueProof {
  /** Refs written now, in the rig's bare repository; empty when all was on the remote already. */
  readonly refs: readonly string[];
}

export interface RescueTarget {
  readonly path: string;
  /** The worker's name. */
  readonly label: string;
  /** A commit that the caller has just read back from the remote: it need not be asked for it again. */
  readonly published?: Sha | undefined;
  /** What git said of the worktree a moment ago. */
  readonly status?: Pick<WorktreeStatus, 'head' | 'branch'>;
}

/**
 * Makes sure that nothing in the worktree at `path` can be lost, then proves it (P2). Changed, staged, untracked
 * and stashed bytes, and commits that the remote does not hold, go into `refs/gt/rescue/<rig>/<label>/<time>` of
 * the rig's bare repository. Changes nothing in the worktree. Throws UnreadableError `git.unreadable` when git
 * cannot tell what is there: then nothing may be removed.
 */
export async function rescueWorktree(ctx: TownContext, rig: Rig, target: RescueTarget): Promise<Rescue> {
  const { path } = target;
  const refs =
    (await ctx.ports.files.stat(path)) === undefined
      ? await rescueRecordedHead(ctx, rig, target)
      : await rescueContent(ctx, rig, target);
  // The one place where the brand is made: nobody else may claim to have looked.
  return { path, ref: refs[0], refs } as unknown as Rescue;
}

/** The submodules' own come first: the main one is written when there is any, and restoring it brings them along. */
async function rescueContent(
  ctx: TownContext,
  rig: Rig,
  { path, label, published, status }: RescueTarget,
): Promise<readonly string[]> {
  const { worktrees, snapshots } = ctx.ports.git;
  const { head, branch } = status ?? (await worktrees.status(path));
  const about = await aboutWork(ctx, rig, { label, branch });
  const stamp = rescueStamp(ctx.ports.clock.now());
  const messageOf = (on: string | undefined): string =>
    rescueMessage(`Rescue of ${rig.name}/${label}`, { ...about, branch: on });
  let needed = false;
  for (const submodule of await submodulesOf(ctx, path)) {
    needed = (await rescueSubmodule(ctx, rig, { top: path, submodule, label, stamp, about })) || needed;
  }
  const own = await snapshots.take(path, messageOf(about.branch));
  if ((await ctx.ports.files.stat(join(path, '.git')))?.kind === 'dir') {
    const base = `${rescuePrefix(rig, label)}${stamp}`;
    return rescueClone(ctx, rig, { path, own, head: needed ? head : undefined, base, messageOf });
  }
  if (own !== undefined) return [await nameRescue(ctx, rig, { label, stamp, sha: own })];
  const atStake =
    head !== undefined && (needed || (head !== published && !(await provedReachable(ctx, rig, head))));
  return atStake ? [await keep(ctx, rig, { label, sha: head, stamp, about })] : [];
}

/** The folder is gone; the commit git recorded for it may be the last name of somebody's work. */
async function rescueRecordedHead(
  ctx: TownContext,
  rig: Rig,
  { path, label }: RescueTarget,
): Promise<readonly string[]> {
  const entries = await ctx.ports.git.worktrees.list(rig.paths.bare);
  const real = await realWorktreePath(ctx, rig, path);
  const entry = entries.find((candidate) => candidate.path === real);
  if (entry?.head === undefined || (await provedReachable(ctx, rig, entry.head))) return [];
  const about = await aboutWork(ctx, rig, { label, branch: entry.branch });
  return [await keep(ctx, rig, { label, sha: entry.head, about })];
}

/** What a rescue says of the work it keeps, for people who look for it later. */
export interface AboutWork {
  readonly bead?: string | undefined;
  readonly branch?: string | undefined;
  /** Path of the submodule in the worktree, when it is one's own content. */
  readonly submodule?: string;
}

async function aboutWork(
  ctx: TownContext,
  rig: Rig,
  { label, branch }: { readonly label: string; readonly branch: string | undefined },
): Promise<AboutWork> {
  const file = isOldWorkerName(label) ? await readAgentFile(ctx, rig, label) : undefined;
  return { bead: file?.bead, branch: branch ?? file?.branch };
}

function rescueMessage(title: string, { bead, branch, submodule }: AboutWork): string {
  const lines = [
    ...(bead === undefined ? [] : [`Bead: ${bead}`]),
    ...(branch === undefined ? [] : [`Branch: ${branch}`]),
    ...(submodule === undefined ? [] : [`Submodule: ${submodule}`]),
  ];
  return lines.length === 0 ? title : [title, '', ...lines].join('\n');
}

/** The lines of `rescueMessage`. */
export function parseRescueMessage(message: string): AboutWork {
  const value = (name: string): string | undefined => new RegExp(`^${name}: (.+)$`, 'm').exec(message)?.[1];
  const submodule = value('Submodule');
  return {
    bead: value('Bead'),
    branch: value('Branch'),
    ...(submodule === undefined ? {} : { submodule }),
  };
}

interface SubmoduleTarget {
  readonly top: string;
  readonly submodule: string;
  readonly label: string;
  readonly stamp: string;
  readonly about: AboutWork;
}

/** A submodule's objects live below the worktree and go with it, so they are pushed into the bare repository. */
async function rescueSubmodule(ctx: TownContext, rig: Rig, target: SubmoduleTarget): Promise<boolean> {
  const { top, submodule, label, stamp, about } = target;
  const { worktrees, snapshots, remotes } = ctx.ports.git;
  const path = join(top, submodule);
  const { head } = await worktrees.status(path);
  const message = rescueMessage(`Rescue of a submodule of ${rig.name}/${label}`, { ...about, submodule });
  const own = await snapshots.take(path, message);
  if (own === undefined && (head === undefined || (await onOwnRemote(ctx, path, head)))) return false;
  const sha = own ?? (head === undefined ? undefined : await snapshots.wrap(path, head, message));
  if (sha === undefined) return false;
  const ref = `${rescuePrefix(rig, label)}${stamp}-${sha.slice(0, 8)}`;
  const outcome = await remotes.push(path, { to: rig.paths.bare, updates: [{ ref, sha }], hooks: 'skip' });
  if (outcome.pushed) return true;
  throw new ExternalError({
    code: 'rescue.failed',
    message: `cannot keep the submodule at ${path}: ${outcome.why}`,
    hint: 'Push or copy its changes by hand, then try again',
  });
}

async function onOwnRemote(ctx: TownContext, path: string, sha: Sha): Promise<boolean> {
  try {
    const { heads } = await ctx.ports.git.remotes.list(path, 'origin');
    return [...heads.values()].includes(sha);
  } catch (error) {
    ctx.ports.log.info('submodule remote not readable, keeping its commits', { path, why: messageOf(error) });
    return false;
  }
}

export interface KeptCommit {
  readonly label: string;
  readonly sha: Sha;
  readonly about?: AboutWork;
  /** Default: now. */
  readonly stamp?: string;
}

/** Keeps one commit under a new rescue ref and returns the ref. */
export async function keep(ctx: TownContext, rig: Rig, commit: KeptCommit): Promise<string> {
  const { label, sha, about = {}, stamp = rescueStamp(ctx.ports.clock.now()) } = commit;
  const message = rescueMessage(`Rescue of ${rig.name}/${label}`, about);
  const wrapped = await ctx.ports.git.snapshots.wrap(rig.paths.bare, sha, message);
  return nameRescue(ctx, rig, { label, stamp, sha: wrapped });
}

async function nameRescue(
  ctx: TownContext,
  rig: Rig,
  { label, stamp, sha }: { readonly label: string; readonly stamp: string; readonly sha: Sha },
): Promise<string> {
  const base = `${rescuePrefix(rig, label)}${stamp}`;
  for (const ref of [base, `${base}-${sha.slice(0, 8)}`]) {
    const written = await ctx.ports.git.objects.updateRef(rig.paths.bare, ref, { to: sha, from: undefined });
    if (written) return ref;
  }
  throw new ExternalError({ code: 'rescue.failed', message: `cannot write a rescue ref below ${base}` });
}
