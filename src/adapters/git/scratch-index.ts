import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import { shaOf } from './parse.ts';
import type { QuotedPath } from './quoted.ts';
import type { GitRunner } from './run.ts';

/** One line of `git update-index --index-info`; without `entry` the path is taken out. */
export interface IndexChange {
  readonly path: QuotedPath;
  readonly entry?: { readonly mode: string; readonly sha: string };
}

/** An index beside the real one, to make trees with. */
export interface ScratchIndex extends AsyncDisposable {
  change(changes: readonly IndexChange[]): Promise<void>;
  /** Puts a whole tree at `prefix`, replacing what is there. */
  graft(prefix: QuotedPath, tree: Sha): Promise<void>;
  ask(args: readonly string[]): Promise<string>;
  writeTree(): Promise<Sha>;
}

/**
 * Starts as a copy of the worktree's index, or empty. It lies in the git directory: no cleaner of temporary files
 * takes it away meanwhile, and what a killed gt leaves goes with the worktree.
 */
export async function openScratchIndex(
  git: GitRunner,
  repo: string,
  { gitDir, start }: { readonly gitDir: string; readonly start: 'copy' | 'empty' },
): Promise<ScratchIndex> {
  const folder = await mkdtemp(join(gitDir, 'gt-index-'));
  const file = join(folder, 'index');
  if (start === 'copy') await copyFile(join(gitDir, 'index'), file).catch(ignoreMissing);
  const env = { GIT_INDEX_FILE: file };
  const ask: ScratchIndex['ask'] = (args) =>
    git.output(repo, ['-c', 'core.splitIndex=false', ...args], { env });
  const change: ScratchIndex['change'] = async (changes) => {
    if (changes.length === 0) return;
    const args = ['-c', 'core.splitIndex=false', 'update-index', '--add', '--replace', '--index-info'];
    await git.output(repo, args, { env, input: changes.map(infoLine).join('') });
  };
  return {
    change,
    ask,
    writeTree: async () => shaOf(await ask(['write-tree'])),
    graft: async (prefix, tree) => {
      await change([{ path: prefix }]);
      const lines = await git.output(repo, ['ls-tree', '-r', '--full-tree', tree]);
      await change(parseTree(lines, prefix));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function infoLine({ path, entry }: IndexChange): string {
  return entry === undefined ? `0 ${'0'.repeat(40)}\t${path}\n` : `${entry.mode} ${entry.sha}\t${path}\n`;
}

/** `git ls-tree -r`: `<mode> <type> <sha><TAB><path>`, as entries below `prefix`. */
function parseTree(lines: string, prefix: QuotedPath): readonly IndexChange[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , sha = ''] = line.slice(0, tab).split(' ');
      return { path: joinQuoted(prefix, line.slice(tab + 1)), entry: { mode, sha } };
    });
}

function joinQuoted(folder: QuotedPath, path: QuotedPath): QuotedPath {
  const bare = (token: string): string => (token.startsWith('"') ? token.slice(1, -1) : token);
  const joined = `${bare(folder)}/${bare(path)}`;
  return folder.startsWith('"') || path.startsWith('"') ? `"${joined}"` : joined;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
