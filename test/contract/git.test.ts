import { describe } from 'vitest';
import { fakeGitWorld, realGitWorld } from '../support/git-worlds.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { gitKeepingContract } from './git-keeping.contract.ts';
import { gitObjectsContract } from './git-objects.contract.ts';
import { gitRemotesContract } from './git-remotes.contract.ts';
import { gitRestoreContract } from './git-restore.contract.ts';
import { gitWorktreesContract } from './git-worktrees.contract.ts';

const tempDir = tempDirs();
const implementations = [
  ['git in memory', fakeGitWorld],
  ['the git program', () => realGitWorld(tempDir())],
] as const;

describe.each(implementations)('%s', (_, setUp) => {
  describe('objects', () => gitObjectsContract(setUp));
  describe('remotes', () => gitRemotesContract(setUp));
  describe('worktrees', () => gitWorktreesContract(setUp));
  describe('keeping work', () => gitKeepingContract(setUp));
  describe('bringing it back', () => gitRestoreContract(setUp));
});
