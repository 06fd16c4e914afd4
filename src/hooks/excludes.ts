/** What `gt done` and the script runner leave out of their own commits. */
export const COMMIT_EXCLUDES: readonly string[] = [
  '.runtime',
  '.beads',
  '.claude',
  '.logs',
  'CLAUDE.local.md',
  '.polecat-checkpoint.json',
];
