import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { words } from './run.ts';

/** Marks that git leaves in the git directory while an operation waits for somebody; the outermost comes first. */
const OPERATIONS: readonly (readonly [file: string, operation: string])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer/todo', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

export async function operationIn(gitDir: string): Promise<string | undefined> {
  for (const [file, operation] of OPERATIONS) {
    if (await exists(join(gitDir, file))) return operation;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Everything by which git remembers such an operation, relative to the git directory of the worktree. */
export const OPERATION_FILES: readonly string[] = [
  ...words('rebase-merge rebase-apply sequencer REBASE_HEAD refs/rewritten'),
  ...words('MERGE_HEAD MERGE_MSG MERGE_MODE MERGE_RR MERGE_AUTOSTASH AUTO_MERGE SQUASH_MSG'),
  ...words('CHERRY_PICK_HEAD REVERT_HEAD'),
  ...words('BISECT_LOG BISECT_START BISECT_NAMES BISECT_TERMS BISECT_EXPECTED_REV refs/bisect'),
];

/** Forgets the operation, and the index lock of a git that was killed. For worktrees whose content is proven safe. */
export async function dropOperation(gitDir: string): Promise<void> {
  for (const file of [...OPERATION_FILES, 'index.lock', 'HEAD.lock']) {
    await rm(join(gitDir, file), { recursive: true, force: true });
  }
}

/** Longer than any git holds the lock of an index. */
const STALE_LOCK_MS = 15 * 60_000;

/** After a power cut or a killed container the lock of a git that is gone would stop every later one. */
export async function dropStaleLock(gitDir: string): Promise<void> {
  const lock = join(gitDir, 'index.lock');
  const stats = await stat(lock).catch(() => undefined);
  if (stats !== undefined && Date.now() - stats.mtimeMs > STALE_LOCK_MS) await rm(lock, { force: true });
}
