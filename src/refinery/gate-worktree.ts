import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import type { ScratchProof } from '../ports/git.ts';
import type { Rig } from '../rig/registry.ts';
import type { Candidate } from './gate-results.ts';

/** The gate worktree of a slot: detached, kept between runs with its ignored caches, never touched by agents. */
function gateWorktree(rig: Rig, slot: number | string): string {
  return join(rig.paths.gateDir, `wt-${slot}`);
}

export interface GateWorktree {
  readonly path: string;
  /**
   * Files that git calls changed as soon as it has written them, because the project has put them under version control
   * against its own attributes (CRLF in a `text` file): what they were like then.
   */
  readonly odd: ReadonlyMap<string, string>;
}

/**
 * Puts exactly the candidate's files into the slot's worktree: whatever an earlier run left there (but ignored
 * files) is gone. Throws ExternalError `mq.worktree` when it cannot be brought to that state.
 */
export async function prepareWorktree(
  ctx: TownContext,
  rig: Rig,
  at: { readonly slot: number | string; readonly candidate: Candidate },
): Promise<GateWorktree> {
  const { git } = ctx.ports;
  const path = gateWorktree(rig, at.slot);
  const { commit } = at.candidate;
  if (!(await resetWorktree(ctx, rig, { path, commit }))) await makeWorktree(ctx, rig, { path, commit });
  const { head, changed } = await git.worktrees.changes(path);
  if (head !== commit) throw notClean(path, `HEAD is at ${head ?? 'nothing'}`);
  return { path, odd: await marksOf(ctx, path, changed) };
}

interface Place {
  readonly path: string;
  readonly commit: Sha;
}

/** False when the folder is no worktree of the rig. */
async function resetWorktree(ctx: TownContext, rig: Rig, { path, commit }: Place): Promise<boolean> {
  if (!(await pointsTo(ctx, rig, path))) return false;
  try {
    await ctx.ports.git.worktrees.reset(path, commit, scratchProof(path));
    return true;
  } catch (error) {
    if (await isKnown(ctx, rig, path)) throw error;
    return false;
  }
}

/** In a copy of a town the file `.git` leads to the worktree of the first one, which is not ours to reset. */
async function pointsTo({ ports: { files } }: TownContext, rig: Rig, path: string): Promise<boolean> {
  const file = join(path, '.git');
  if ((await files.stat(file))?.kind !== 'file') return false;
  const pointer = (await files.readText(file)) ?? '';
  const { bare } = rig.paths;
  const own = [bare, (await files.realPath(bare)) ?? bare];
  return own.some((repository) => pointer.startsWith(`gitdir: ${join(repository, 'worktrees')}/`));
}

/** Over half of an interrupted `add`: a folder that git does not know, or an entry without its folder. */
async function makeWorktree(ctx: TownContext, rig: Rig, { path, commit }: Place): Promise<void> {
  const { git, files } = ctx.ports;
  const known = await isKnown(ctx, rig, path);
  // Before its entry: git refuses to remove a folder that leads elsewhere, and takes one that is gone.
  await files.remove(path);
  if (known) await git.worktrees.remove(rig.paths.bare, path, scratchProof(path));
  await git.worktrees.add(rig.paths.bare, path, { commit });
}

async function isKnown({ ports: { git, files } }: TownContext, rig: Rig, path: string): Promise<boolean> {
  const real = await files.realPath(path);
  const entries = await git.worktrees.list(rig.paths.bare);
  return entries.some((entry) => entry.path === path || entry.path === real);
}

/** Size and time of each file. */
async function marksOf(
  ctx: TownContext,
  path: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for (const name of names) {
    const stat = await ctx.ports.files.stat(join(path, name));
    marks.set(name, stat === undefined ? 'gone' : `${stat.kind} ${stat.size} ${stat.modified}`);
  }
  return marks;
}

/** How the gates have changed the tracked files that they tested, undefined when they have not. */
export async function differenceFrom(
  ctx: TownContext,
  { path, odd }: GateWorktree,
  candidate: Candidate,
): Promise<string | undefined> {
  const { head, changed } = await ctx.ports.git.worktrees.changes(path);
  if (head !== candidate.commit) return `HEAD is at ${head ?? 'nothing'}`;
  const now = await marksOf(ctx, path, [...odd.keys()]);
  const [first, ...others] = changed.filter((name) => odd.get(name) !== (now.get(name) ?? 'new'));
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
