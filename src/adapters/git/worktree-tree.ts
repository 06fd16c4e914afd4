import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { UnreadableError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { hashFiles, hashLink } from './hash-files.ts';
import type { NestedRepository } from './nested.ts';
import { resolveCommit } from './objects.ts';
import { stagePath } from './conflict-stages.ts';
import { bytesUnder, unquotePath, type QuotedPath } from './quoted.ts';
import { words, type GitRunner } from './run.ts';
import { openScratchIndex, type IndexChange, type ScratchIndex } from './scratch-index.ts';

export interface WorktreeTrees {
  /** The index as a tree; versions of an unresolved conflict stand under `.stage-1` to `.stage-3`. */
  readonly index: Sha;
  /** Tracked and untracked files as they are on disk, byte for byte (no line-end conversion, no filters). */
  readonly files: Sha;
  /** Clones inside, whose files stand in `files` as plain ones. */
  readonly nested: readonly NestedRepository[];
}

export interface TreeOptions {
  /** Git directory of the worktree. */
  readonly gitDir: string;
  /** Of HEAD; the empty one before the first commit. */
  readonly headTree: Sha;
  /** Brings a clone inside into this repository. */
  readonly adopt: (path: QuotedPath) => Promise<NestedRepository>;
}

/** Trees of what is in a worktree now, made in a scratch index: nothing of the worktree is written. */
export async function treesOf(
  git: GitRunner,
  path: string,
  { gitDir, headTree, adopt }: TreeOptions,
): Promise<WorktreeTrees> {
  const listing = await git.output(path, [
    ...words('status --porcelain=v2 --untracked-files=all --no-renames'),
    '--ignore-submodules=none',
  ]);
  await using scratch = await openScratchIndex(git, path, { gitDir, start: 'copy' });
  const entries = [...parseListing(listing), ...(await hiddenPaths(scratch))];
  // Nothing staged, changed, new or hidden: all three are the same tree.
  if (entries.length === 0) return { index: headTree, files: headTree, nested: [] };
  const index = await indexTree(git, path, { gitDir, scratch });
  await scratch.change(await fileChanges(git, path, entries));
  await scratch.change(await submoduleCommits(git, path, entries));
  const nested: NestedRepository[] = [];
  for (const clone of entries.filter(isClone)) nested.push(await adopt(clone.path));
  for (const { path: prefix, tree } of nested) await scratch.graft(prefix, tree);
  return { index, files: await scratch.writeTree(), nested };
}

interface Entry {
  readonly path: QuotedPath;
  /** As git sees it on disk: 000000 = not there, 160000 = a repository, undefined = look yourself. */
  readonly mode: string | undefined;
  /** Outside a sparse checkout: not being on disk means nothing. */
  readonly sparse?: boolean;
}

/** `git status --porcelain=v2` without -z: changed (`1`), unmerged (`u`) and untracked (`?`) paths. */
export function parseListing(text: string): readonly Entry[] {
  return text.split('\n').flatMap((line): readonly Entry[] => {
    const fields = line.split(' ');
    const from = (count: number): QuotedPath => fields.slice(count).join(' ');
    if (fields[0] === '1') return [{ path: from(8), mode: fields[5] }];
    if (fields[0] === 'u') return [{ path: from(10), mode: fields[6] }];
    return fields[0] === '?' ? [{ path: from(1), mode: undefined }] : [];
  });
}

/** An untracked folder with a repository of its own: git lists it by its name alone. */
function isClone(entry: Entry): boolean {
  return /\/"?$/.test(entry.path);
}

function isSubmodule(entry: Entry): boolean {
  return entry.mode === '160000';
}

/** A submodule is noted by the commit it is at, whatever is staged. */
async function submoduleCommits(
  git: GitRunner,
  path: string,
  entries: readonly Entry[],
): Promise<readonly IndexChange[]> {
  const changes: IndexChange[] = [];
  for (const entry of entries.filter(isSubmodule)) {
    const inner = join(path, unquotePath(entry.path).toString('utf8'));
    const sha = await resolveCommit(git, inner, 'HEAD');
    if (sha !== undefined) changes.push({ path: entry.path, entry: { mode: '160000', sha } });
  }
  return changes;
}

/** Tracked files that git was told not to look at (assume-unchanged `h`, skip-worktree `S` and `s`): we do look. */
async function hiddenPaths(scratch: ScratchIndex): Promise<readonly Entry[]> {
  const text = await scratch.ask(['ls-files', '-v']);
  const paths = text.split('\n').filter((line) => /^[a-zS] /.test(line));
  return paths.map((line) => ({ path: line.slice(2), mode: undefined, sparse: /^[Ss]/.test(line) }));
}

async function indexTree(
  git: GitRunner,
  path: string,
  { gitDir, scratch }: { readonly gitDir: string; readonly scratch: ScratchIndex },
): Promise<Sha> {
  const unmerged = await scratch.ask(['ls-files', '--unmerged']);
  if (unmerged === '') return scratch.writeTree();
  const entries = unmerged
    .split('\n')
    .filter((line) => line !== '')
    .map(parseStage);
  await scratch.change(entries.map(({ path }) => ({ path })));
  await using staged = await openScratchIndex(git, path, { gitDir, start: 'empty' });
  await staged.ask(['read-tree', await scratch.writeTree()]);
  await staged.change(
    entries.map(({ path, stage, mode, sha }) => ({
      path: stagePath(stage, path),
      entry: { mode, sha },
    })),
  );
  return await staged.writeTree();
}

/** `git ls-files --unmerged`: `<mode> <sha> <stage><TAB><path>`. */
function parseStage(line: string) {
  const tab = line.indexOf('\t');
  const [mode = '', sha = '', stage = ''] = line.slice(0, tab).split(' ');
  return { mode, sha, stage, path: line.slice(tab + 1) };
}

async function fileChanges(
  git: GitRunner,
  path: string,
  entries: readonly Entry[],
): Promise<readonly IndexChange[]> {
  const gone: IndexChange[] = [];
  const regular: { path: QuotedPath; mode: string }[] = [];
  const links: IndexChange[] = [];
  for (const entry of entries) {
    if (isClone(entry) || isSubmodule(entry)) continue;
    const kind = await kindOf(path, entry);
    if (kind === 'gone') {
      if (entry.sparse !== true) gone.push({ path: entry.path });
    } else if (kind !== '120000') regular.push({ path: entry.path, mode: kind });
    else links.push({ path: entry.path, entry: { mode: kind, sha: await hashLink(git, path, entry.path) } });
  }
  const hashes = await hashFiles(
    git,
    path,
    regular.map((file) => file.path),
  );
  const files = regular.map((file, at) => ({
    path: file.path,
    entry: { mode: file.mode, sha: hashes[at] ?? '' },
  }));
  // First what is gone: a file may have become a folder or the reverse.
  return [...gone, ...links, ...files];
}

async function kindOf(path: string, entry: Entry): Promise<'gone' | '100644' | '100755' | '120000'> {
  if (entry.mode === '000000') return 'gone';
  const stats = await lstat(bytesUnder(path, entry.path)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stats === undefined) return 'gone';
  if (stats.isSymbolicLink()) return '120000';
  if (stats.isFile()) return (stats.mode & 0o100) === 0 ? '100644' : '100755';
  throw new UnreadableError({
    code: 'git.unreadable',
    message: `${entry.path} in ${path} is neither a file nor a link`,
  });
}
