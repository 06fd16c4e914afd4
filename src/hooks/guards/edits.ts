import { isAbsolute, resolve } from 'node:path';
import { contains } from './deletions.ts';
import type { GuardFacts } from './facts.ts';

/** The guard of editing tools; its only rule is `refuseEdit`. */
export const WORKTREE_ONLY = {
  name: 'worktree-only',
  summary: 'files that a polecat’s editing tools would write outside its worktree',
} as const;

/** Where programs may put what nobody keeps. */
const SCRATCH: readonly string[] = ['/tmp', '/private/tmp', '/var/tmp', '/dev'];

/**
 * A file that an editing tool wants to write, links resolved: a polecat writes in its own worktree, and in folders
 * for temporary files. Its repository's own files are not to be edited by anybody.
 */
export function refuseEdit(path: string, facts: GuardFacts): string | undefined {
  const place = isAbsolute(path) || facts.cwd === undefined ? path : resolve(facts.cwd, path);
  if (/(?:^|\/)\.git(?:\/|$)/.test(place)) return 'git’s own files are changed with git';
  const { role, worktree, town, scratch } = facts;
  if (role !== 'polecat' || worktree === undefined || !isAbsolute(place)) return undefined;
  if (contains(worktree, place)) return undefined;
  // A town may lie in a folder for temporary files, as those of tests do: what is in it is nobody's scratch.
  const isTown = town !== undefined && contains(town, place);
  return !isTown && [...SCRATCH, ...scratch].some((folder) => contains(folder, place))
    ? undefined
    : 'write in your own worktree; what belongs elsewhere, say so in the bead';
}
