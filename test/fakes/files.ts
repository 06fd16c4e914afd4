import { BugError } from '../../src/core/errors.ts';
import { reading, writing } from '../../src/adapters/file-errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { FileKind, FileStat, Files } from '../../src/ports/files.ts';
import { FakeDisk } from './disk.ts';
import type { DiskNode } from './disk.ts';

export interface FakeFiles extends Files {
  /** The disk itself: other fakes (git) keep their files there too, and tests look at it. */
  readonly disk: FakeDisk;
}

/** Files in memory. Paths must be absolute. */
export function createFakeFiles(
  deps: { readonly clock?: Pick<Clock, 'now'>; readonly disk?: FakeDisk } = {},
): FakeFiles {
  const disk = deps.disk ?? new FakeDisk(() => deps.clock?.now() ?? 0);
  return {
    disk,
    readText: (path, from = 0) => reading(path, async () => disk.file(path)?.bytes.toString('utf8', from)),
    writeAtomic: (path, content, options) =>
      writing(path, async () => disk.write(path, Buffer.from(content), options?.mode)),
    appendLine: (path, line) => appendLine(disk, path, line),
    empty: (path) =>
      writing(path, async () => {
        if (disk.file(path) !== undefined) disk.write(path, Buffer.alloc(0), undefined);
      }),
    list: (path) =>
      reading(path, async () => {
        const entries = disk.folder(path)?.entries;
        if (entries === undefined) return undefined;
        return [...entries]
          .map(([name, { kind }]) => ({ name, kind }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      }),
    stat: (path) => reading(path, async () => statOf(disk.find(path, 'keep'))),
    makeDir: (path, options) => writing(path, async () => void disk.makeDir(path, options?.mode)),
    remove: (path) => writing(path, async () => disk.remove(path)),
    rename: (from, to) => writing(to, async () => disk.rename(from, to)),
    realPath: (path) => reading(path, async () => disk.realPath(path)),
    link: (path, target) => writing(path, async () => disk.link(path, target)),
  };
}

async function appendLine(disk: FakeDisk, path: string, line: string): Promise<void> {
  if (line.includes('\n')) {
    throw new BugError({ code: 'bug.line-break', message: `a line for ${path} has a line break in it` });
  }
  await writing(path, async () => {
    const old = disk.file(path)?.bytes.toString('latin1') ?? '';
    const torn = old !== '' && !old.endsWith('\n');
    const added = Buffer.from(`${torn ? '\n' : ''}${line}\n`);
    disk.write(path, Buffer.concat([Buffer.from(old, 'latin1'), added]), undefined);
  });
}

function statOf(node: DiskNode | undefined): FileStat | undefined {
  if (node === undefined) return undefined;
  const kind: FileKind = node.kind;
  return { kind, size: sizeOf(node), modified: node.modified, mode: node.mode };
}

function sizeOf(node: DiskNode): number {
  if (node.kind === 'file') return node.bytes.length;
  return node.kind === 'link' ? Buffer.byteLength(node.target) : node.entries.size;
}
