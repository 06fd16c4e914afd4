import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError } from '../core/errors.ts';
import type { ScratchProof } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';
import type { Candidate } from './gate-results.ts';

/** The gate worktree of a slot: detached, kept between runs with its ignored caches, never touched by agents. */
function gateWorktree(rig: Rig, slot: number): string {
  return join(rig.paths.gateDir, `wt-${slot}`);
}

/**
 * Puts exactly the candidate's files into the slot's worktree: whatever an earlier run left there (but ignored
 * files) is gone. Throws ExternalError `mq.worktree` when it cannot be brought to that state.
 */
export async function prepareWorktree(
  ctx: TownContext,
  rig: Rig,
  at: { readonly slot: number; readonly candidate: Candidate },
): Promise<string> {
  const { git, files } = ctx.ports;
  const path = gateWorktree(rig, at.slot);
  const { commit } = at.candidate;
  const real = await files.realPath(path);
  const known = (await git.worktrees.list(rig.paths.bare)).some(
    (entry) => entry.path === path || entry.path === real,
  );
  if (known && real !== undefined) {
    await git.worktrees.reset(path, commit, scratchProof(path));
  } else {
    // Half of an interrupted `add`: a folder that git does not know, or an entry without its folder.
    if (known) await git.worktrees.remove(rig.paths.bare, path, scratchProof(path));
    await files.remove(path);
    await git.worktrees.add(rig.paths.bare, path, { commit });
  }
  const wrong = await differenceFrom(ctx, path, at.candidate);
  if (wrong !== undefined) throw notClean(path, wrong);
  return path;
}

/**
 * How the worktree differs from the candidate in tracked files, undefined when it does not. Asked before a run
 * (the right files are tested) and after it (the gate has not changed what it tested).
 */
export async function differenceFrom(
  ctx: TownContext,
  path: string,
  candidate: Candidate,
): Promise<string | undefined> {
  const status = await ctx.ports.git.worktrees.status(path);
  if (status.head !== candidate.commit) return `HEAD is at ${status.head ?? 'nothing'}`;
  const [first, ...others] = status.changed;
  if (first === undefined) return undefined;
  return others.length === 0 ? `${first} changed` : `${first} and ${others.length} more changed`;
}

function scratchProof(path: string): ScratchProof {
  // The path is made above from the rig's gate folder; agents get no worktree there.
  return { path } as unknown as ScratchProof;
}

function notClean(path: string, why: string): ExternalError {
  return new ExternalError({
    code: 'mq.worktree',
    message: `gate worktree ${path} does not hold the candidate: ${why}`,
    hint: `Run: git -C ${path} status`,
  });
}
