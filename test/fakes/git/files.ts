import { join } from 'node:path';
import type { Sha } from '../../../src/core/names.ts';
import type { FakeDisk } from '../disk.ts';
import type { ObjectStore, Tree, TreeEntry } from './object-store.ts';
import { ignoreRules } from './patterns.ts';
import { excludeFile } from './repository.ts';
import type { FakeWorktree } from './repository.ts';

/** The files of a worktree on the fake disk, as blobs: what `git add --all` would see, ignored ones apart. */
export interface FilesOnDisk {
  readonly tracked: Tree;
  readonly untracked: Tree;
  /** Folders with a repository of their own. */
  readonly nested: readonly string[];
}

export function readFiles(disk: FakeDisk, store: ObjectStore, worktree: FakeWorktree): FilesOnDisk {
  const isIgnored = ignoredBy(disk, worktree);
  const nested: string[] = [];
  const paths = disk.walk(worktree.path, (path) => {
    if (path === '.git') return true;
    const inner = disk.find(join(worktree.path, path, '.git'), 'keep') !== undefined;
    if (inner) nested.push(path);
    return inner;
  });
  const tracked = new Map<string, TreeEntry>();
  const untracked = new Map<string, TreeEntry>();
  for (const path of paths) {
    const known = worktree.index.has(path);
    if (!known && isIgnored(path)) continue;
    (known ? tracked : untracked).set(path, readEntry(disk, store, join(worktree.path, path)));
  }
  // A submodule that nobody has filled is an empty folder, and no change.
  for (const [path, entry] of worktree.index) {
    const isThere = entry.mode === '160000' && disk.folder(join(worktree.path, path)) !== undefined;
    if (isThere && !nested.includes(path)) tracked.set(path, entry);
  }
  return { tracked, untracked, nested: nested.filter((path) => !isIgnored(path)) };
}

export function ignoredBy(disk: FakeDisk, worktree: FakeWorktree): (path: string) => boolean {
  return ignoreRules([
    textOf(disk, excludeFile(worktree.repository)),
    textOf(disk, join(worktree.path, '.gitignore')),
  ]);
}

function textOf(disk: FakeDisk, path: string): string {
  return disk.file(path)?.bytes.toString('utf8') ?? '';
}

function readEntry(disk: FakeDisk, store: ObjectStore, path: string): TreeEntry {
  const node = disk.find(path, 'keep');
  if (node?.kind === 'link') return { mode: '120000', blob: store.addBlob(Buffer.from(node.target)) };
  if (node?.kind !== 'file') throw new Error(`fake git: ${path} is no file`);
  return { mode: (node.mode & 0o100) === 0 ? '100644' : '100755', blob: store.addBlob(node.bytes) };
}

/** Makes the tracked files on disk those of `to`; what was tracked and is not any more goes. */
export function writeFiles(
  disk: FakeDisk,
  store: ObjectStore,
  change: { readonly path: string; readonly from: Tree; readonly to: Tree },
): void {
  for (const path of change.from.keys()) {
    if (!change.to.has(path)) removeFile(disk, change.path, path);
  }
  for (const [path, entry] of change.to)
    writeEntry(disk, join(change.path, path), entry, store.contentOf(entry));
}

function writeEntry(disk: FakeDisk, path: string, entry: TreeEntry, bytes: Buffer): void {
  if (disk.find(path, 'keep') !== undefined) disk.remove(path);
  if (entry.mode === '160000') disk.makeDir(path);
  else if (entry.mode === '120000') disk.link(path, bytes.toString('utf8'));
  else disk.write(path, Buffer.from(bytes), entry.mode === '100755' ? 0o755 : 0o644);
}

/** As git, with folders that become empty. */
export function removeFile(disk: FakeDisk, root: string, path: string): void {
  disk.remove(join(root, path));
  const parts = path.split('/').slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    const folder = join(root, ...parts);
    if (disk.folder(folder)?.entries.size !== 0) return;
    disk.remove(folder);
  }
}

export function sameEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}

export function treeOfCommit(store: ObjectStore, commit: Sha | undefined): Tree {
  return commit === undefined ? new Map() : store.treeOf(commit);
}
