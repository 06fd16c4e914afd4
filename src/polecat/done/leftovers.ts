import { COMMIT_EXCLUDES } from '../../hooks/excludes.ts';
import type { WorktreeStatus } from '../../ports/git.ts';

/** What lies uncommitted in a worktree, by what a done makes of it. */
export interface Leftovers {
  /** Becomes a commit. */
  readonly take: readonly string[];
  /** Never part of the work: files of gt, and caches of tools. As pathspecs. */
  readonly leave: readonly string[];
  /** Changed files of the project among the left ones: the worker must hear that they were not taken. */
  readonly unsaid: readonly string[];
}

/** What tools fill by themselves, wherever it is; a project that tracks one gets its changes committed. */
const CACHES = /(?:^|\/)(?:__pycache__|node_modules|\.(?:pytest|mypy|ruff)_cache|\.venv|\.DS_Store)(?=\/|$)/;

/** Pure. The rig's overlay needs no rule here: its copies are in the repository's exclude file. */
export function sortLeftovers({
  changed,
  untracked,
}: Pick<WorktreeStatus, 'changed' | 'untracked'>): Leftovers {
  const caches = untracked.flatMap((path) => {
    const match = CACHES.exec(path);
    return match === null ? [] : [path.slice(0, match.index + match[0].length)];
  });
  const leave = [...new Set([...COMMIT_EXCLUDES, ...caches])];
  return {
    take: [
      ...changed.filter((path) => !isIn(COMMIT_EXCLUDES, path)),
      ...untracked.filter((path) => !isIn(COMMIT_EXCLUDES, path) && !CACHES.test(path)),
    ],
    leave: leave.map((path) => (/^:|[*?[\\]/.test(path) ? `:(literal)${path}` : path)),
    unsaid: changed.filter((path) => isIn(COMMIT_EXCLUDES, path)),
  };
}

function isIn(places: readonly string[], path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
