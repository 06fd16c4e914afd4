import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import type { Dirent, Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BugError } from '../core/errors.ts';
import type { FileEntry, FileKind, FileStat, Files } from '../ports/files.ts';
import { isAbsent, reading, writing } from './file-errors.ts';
import { lstat, readFile, readdir, realpath } from './file-reads.ts';
import { removeTree } from './remove-tree.ts';

const NEWLINE = 0x0a;

/** The local file system. */
export function createFiles(): Files {
  return {
    readText: (path, from = 0) => reading(path, () => (from === 0 ? readAll(path) : readFrom(path, from))),
    writeAtomic: (path, content, options) => writing(path, () => replaceFile(path, content, options?.mode)),
    appendLine: (path, line) => appendLine(path, line),
    empty: (path) => writing(path, () => emptyFile(path)),
    list: (path) => reading(path, () => listFolder(path)),
    stat: (path) => reading(path, async () => statOf(await lstat(path))),
    makeDir: (path, options) =>
      writing(path, async () => void (await fs.mkdir(path, { recursive: true, ...options }))),
    remove: (path) => writing(path, () => removeTree(path)),
    rename: (from, to) => writing(to, () => fs.rename(from, to)),
    realPath: (path) => reading(path, () => realpath(path)),
    link: (path, target) => writing(path, () => replaceLink(path, target)),
  };
}

async function emptyFile(path: string): Promise<void> {
  try {
    await fs.truncate(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function readAll(path: string): Promise<string> {
  return readFile(path, 'utf8');
}

async function readFrom(path: string, from: number): Promise<string> {
  await using file = await fs.open(path, 'r');
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.max(0, size - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.toString('utf8', 0, filled);
}

async function replaceFile(
  path: string,
  content: string | Uint8Array,
  mode: number | undefined,
): Promise<void> {
  // A link is followed: people keep settings files as links into a dotfiles repository.
  const target = await targetOf(path);
  const temporary = await sibling(target.path);
  try {
    await using file = await fs.open(temporary, 'wx', mode ?? target.mode ?? 0o666);
    // The mode of open() is cut by the umask; a kept or wanted mode is meant exactly.
    const wanted = mode ?? target.mode;
    if (wanted !== undefined) await file.chmod(wanted);
    await file.writeFile(content);
    await file.sync();
    await fs.rename(temporary, target.path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target.path));
}

async function targetOf(path: string): Promise<{ path: string; mode: number | undefined }> {
  try {
    const real = await realpath(path);
    return { path: real, mode: (await fs.stat(real)).mode & 0o7777 };
  } catch (error) {
    if (isAbsent(error)) return { path, mode: undefined };
    throw error;
  }
}

/** An unused name beside `path`, whose folder is made. */
async function sibling(path: string): Promise<string> {
  await fs.mkdir(dirname(path), { recursive: true });
  const mark = `${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(path), `.${basename(path).slice(0, 200)}.${mark}.tmp`);
}

/** Makes the rename itself durable; some file systems refuse to sync a folder, which costs nothing but durability. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await fs.open(path, 'r');
    await folder.sync();
  } catch {
    // The rename has happened; readers already see the new bytes.
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  if (line.includes('\n')) {
    throw new BugError({ code: 'bug.line-break', message: `a line for ${path} has a line break in it` });
  }
  await writing(path, async () => {
    await fs.mkdir(dirname(path), { recursive: true });
    await using file = await fs.open(path, 'a+');
    const torn = await endsInMidLine(file);
    await file.write(`${torn ? '\n' : ''}${line}\n`);
  });
}

async function endsInMidLine(file: fs.FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}

async function listFolder(path: string): Promise<readonly FileEntry[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function statOf(stats: Stats): FileStat {
  return { kind: kindOf(stats), size: stats.size, modified: stats.mtimeMs, mode: stats.mode & 0o7777 };
}

function kindOf(entry: Dirent | Stats): FileKind {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'dir';
  return entry.isFile() ? 'file' : 'other';
}

async function replaceLink(path: string, target: string): Promise<void> {
  const temporary = await sibling(path);
  await fs.symlink(target, temporary);
  try {
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}
