import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError, messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { RescueProof } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';
import { provedReachable } from './reachable.ts';
import { realWorktreePath } from './worktree-files.ts';
import { submodulesOf } from './submodules.ts';

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

async function rescueContent(
  ctx: TownContext,
  rig: Rig,
  { path, label, published }: RescueTarget,
): Promise<readonly string[]> {
  const { worktrees } = ctx.ports.git;
  const status = await worktrees.status(path);
  const snapshot = await worktrees.snapshot(path, `Rescue of ${rig.name}/${label}`);
  const own = snapshot ?? (status.head === published ? undefined : await unprovedHead(ctx, rig, status.head));
  const refs = own === undefined ? [] : [await keep(ctx, rig, { label, sha: own })];
  for (const submodule of await submodulesOf(ctx, path)) {
    refs.push(...(await rescueSubmodule(ctx, rig, { path: join(path, submodule), label })));
  }
  return refs;
}

/** The folder is gone; the commit git recorded for it may be the last name of somebody's work. */
async function rescueRecordedHead(
  ctx: TownContext,
  rig: Rig,
  { path, label }: RescueTarget,
): Promise<readonly string[]> {
  const entries = await ctx.ports.git.worktrees.list(rig.paths.bare);
  const real = await realWorktreePath(ctx, rig, path);
  const head = await unprovedHead(ctx, rig, entries.find((entry) => entry.path === real)?.head);
  return head === undefined ? [] : [await keep(ctx, rig, { label, sha: head })];
}

async function unprovedHead(ctx: TownContext, rig: Rig, head: Sha | undefined): Promise<Sha | undefined> {
  return head === undefined || (await provedReachable(ctx, rig, head)) ? undefined : head;
}

/** A submodule's objects live below the worktree and go with it, so they are pushed into the bare repository. */
async function rescueSubmodule(
  ctx: TownContext,
  rig: Rig,
  { path, label }: RescueTarget,
): Promise<readonly string[]> {
  const { worktrees, remotes } = ctx.ports.git;
  const { head } = await worktrees.status(path);
  const snapshot = await worktrees.snapshot(path, `Rescue of a submodule of ${rig.name}/${label}`);
  const sha = snapshot ?? head;
  if (sha === undefined || (snapshot === undefined && (await onOwnRemote(ctx, path, sha)))) return [];
  const ref = `${rescuePrefix(rig, label)}${timeStamp(ctx)}-${sha.slice(0, 8)}`;
  const outcome = await remotes.push(path, { to: rig.paths.bare, updates: [{ ref, sha }] });
  if (outcome.pushed) return [ref];
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

/** Keeps one commit under a new rescue ref and returns the ref. */
export async function keep(
  ctx: TownContext,
  rig: Rig,
  commit: { readonly label: string; readonly sha: Sha },
): Promise<string> {
  const base = `${rescuePrefix(rig, commit.label)}${timeStamp(ctx)}`;
  for (const ref of [base, `${base}-${commit.sha.slice(0, 8)}`]) {
    const written = await ctx.ports.git.objects.updateRef(rig.paths.bare, ref, {
      to: commit.sha,
      from: undefined,
    });
    if (written) return ref;
  }
  throw new ExternalError({ code: 'rescue.failed', message: `cannot write a rescue ref below ${base}` });
}

export function rescuePrefix(rig: Rig, label: string): string {
  return `refs/gt/rescue/${rig.name}/${label}/`;
}

/** `20301231T235959123Z`: sorts by time and is a legal part of a ref. */
function timeStamp(ctx: TownContext): string {
  return new Date(ctx.ports.clock.now()).toISOString().replaceAll(/[-:.]/g, '');
}

/** The one command that brings the rescued files back into a folder of their own. */
export function readBackCommand(rig: Rig, ref: string): string {
  const folder = join(rig.paths.runtimeDir, 'rescued', ref.split('/').slice(-2).join('-'));
  return `git -C ${rig.paths.bare} worktree add --detach ${folder} ${ref}`;
}
