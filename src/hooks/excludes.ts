import type { TownContext } from '../beads/context.ts';
import { writeExcludes } from '../rig/excludes.ts';
import type { Rig } from '../rig/registry.ts';

/** What `gt done` and the script runner leave out of their own commits. */
export const COMMIT_EXCLUDES: readonly string[] = [
  '.runtime',
  '.beads',
  '.claude',
  '.logs',
  'CLAUDE.local.md',
  '.polecat-checkpoint.json',
];

/** Hides the files of agents (and `extra` patterns) in all worktrees of the rig. */
export function ensureExcludes(ctx: TownContext, rig: Rig, extra: readonly string[] = []): Promise<void> {
  return writeExcludes(ctx.ports.files, rig.paths.bare, extra);
}
