import { posix } from 'node:path';

/** A file system in memory: folders, files and links with modes and times. Errors carry the codes of errno(3). */
export type DiskNode = DiskFile | DiskFolder | DiskLink;

export interface DiskFile {
  readonly kind: 'file';
  bytes: Buffer;
  mode: number;
  modified: number;
}

export interface DiskFolder {
  readonly kind: 'dir';
  readonly entries: Map<string, DiskNode>;
  mode: number;
  modified: number;
}

export interface DiskLink {
  readonly kind: 'link';
  readonly target: string;
  mode: number;
  modified: number;
}

export class DiskError extends Error {
  readonly code: string;
  constructor(code: string, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

const MAX_LINKS = 40;

export class FakeDisk {
  readonly #root: DiskFolder = { kind: 'dir', entries: new Map(), mode: 0o755, modified: 0 };
  readonly #now: () => number;
  readonly #broken = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
    this.makeDir('/tmp');
  }

  /** Every access to `path` or below it fails with `code` until `repair`. */
  break(path: string, code: 'EACCES' | 'EIO' | 'ENOSPC' | 'EROFS'): void {
    this.#broken.set(path, code);
  }

  repair(path: string): void {
    this.#broken.delete(path);
  }

  /** The thing at `path`, or undefined; links in the middle are always followed, the last one on request. */
  find(path: string, last: 'follow' | 'keep'): DiskNode | undefined {
    const place = this.#walk(path, last);
    return place === undefined ? undefined : place.node;
  }

  /** The path with all links resolved, or undefined when nothing is there. */
  realPath(path: string): string | undefined {
    const place = this.#walk(path, 'follow');
    return place?.node === undefined ? undefined : place.path;
  }

  file(path: string): DiskFile | undefined {
    const node = this.find(path, 'follow');
    if (node?.kind === 'dir') throw new DiskError('EISDIR', path);
    return node?.kind === 'file' ? node : undefined;
  }

  folder(path: string): DiskFolder | undefined {
    const node = this.find(path, 'follow');
    return node?.kind === 'dir' ? node : undefined;
  }

  write(path: string, bytes: Buffer, mode: number | undefined): void {
    this.#refuseBroken(path, 'write');
    const { folder, name } = this.#parentOf(this.#targetOf(path));
    const old = folder.entries.get(name);
    if (old?.kind === 'dir') throw new DiskError('EISDIR', path);
    folder.entries.set(name, {
      kind: 'file',
      bytes,
      mode: mode ?? old?.mode ?? 0o644,
      modified: this.#now(),
    });
    folder.modified = this.#now();
  }

  link(path: string, target: string): void {
    this.#refuseBroken(path, 'write');
    const { folder, name } = this.#parentOf(path);
    if (folder.entries.get(name)?.kind === 'dir') throw new DiskError('EISDIR', path);
    folder.entries.set(name, { kind: 'link', target, mode: 0o777, modified: this.#now() });
  }

  makeDir(path: string, mode = 0o755): DiskFolder {
    this.#refuseBroken(path, 'write');
    let folder = this.#root;
    let walked = '';
    for (const name of partsOf(path)) {
      walked = `${walked}/${name}`;
      const next = folder.entries.get(name) ?? {
        kind: 'dir',
        entries: new Map(),
        mode,
        modified: this.#now(),
      };
      folder.entries.set(name, next);
      const real = next.kind === 'link' ? this.find(walked, 'follow') : next;
      if (real === undefined) throw new DiskError('ENOENT', path);
      if (real.kind !== 'dir') throw new DiskError('ENOTDIR', path);
      folder = real;
    }
    return folder;
  }

  remove(path: string): void {
    this.#refuseBroken(path, 'write');
    const parent = this.find(posix.dirname(path), 'follow');
    if (parent?.kind === 'dir') parent.entries.delete(posix.basename(path));
  }

  rename(from: string, to: string): void {
    this.#refuseBroken(to, 'write');
    const node = this.find(from, 'keep');
    if (node === undefined) throw new DiskError('ENOENT', from);
    const target = this.find(posix.dirname(to), 'follow');
    if (target === undefined) throw new DiskError('ENOENT', to);
    if (target.kind !== 'dir') throw new DiskError('ENOTDIR', to);
    refuseRename(node, target.entries.get(posix.basename(to)), to);
    this.remove(from);
    target.entries.set(posix.basename(to), node);
  }

  /** Paths of all files and links below `path`, relative to it, sorted by bytes; `skip` prunes folders. */
  walk(path: string, skip: (relative: string) => boolean = () => false): readonly string[] {
    const found: string[] = [];
    const visit = (folder: DiskFolder, prefix: string): void => {
      for (const [name, node] of folder.entries) {
        const relative = `${prefix}${name}`;
        if (skip(relative)) continue;
        if (node.kind === 'dir') visit(node, `${relative}/`);
        else found.push(relative);
      }
    };
    const start = this.folder(path);
    if (start !== undefined) visit(start, '');
    return found.sort();
  }

  /** A link that exists is written through; anything else is the path itself. */
  #targetOf(path: string): string {
    return this.realPath(path) ?? path;
  }

  #parentOf(path: string): { folder: DiskFolder; name: string } {
    return { folder: this.makeDir(posix.dirname(path)), name: posix.basename(path) };
  }

  #walk(path: string, last: 'follow' | 'keep'): { path: string; node: DiskNode } | undefined {
    this.#refuseBroken(path, 'read');
    let rest = partsOf(path);
    let at: { path: string; node: DiskNode } = { path: '/', node: this.#root };
    for (let links = 0; rest.length > 0;) {
      const [name = '', ...more] = rest;
      if (at.node.kind !== 'dir') return undefined;
      const node = at.node.entries.get(name);
      if (node === undefined) return undefined;
      const here = posix.join(at.path, name);
      if (node.kind === 'link' && (more.length > 0 || last === 'follow')) {
        links += 1;
        if (links > MAX_LINKS) throw new DiskError('ELOOP', path);
        rest = [...partsOf(posix.resolve(at.path, node.target)), ...more];
        at = { path: '/', node: this.#root };
      } else {
        rest = more;
        at = { path: here, node };
      }
    }
    return at;
  }

  #refuseBroken(path: string, access: 'read' | 'write'): void {
    for (const [broken, code] of this.#broken) {
      const readable = code === 'ENOSPC' || code === 'EROFS';
      const inside = path === broken || path.startsWith(`${broken}/`);
      if (inside && !(readable && access === 'read')) throw new DiskError(code, path);
    }
  }
}

function refuseRename(node: DiskNode, old: DiskNode | undefined, to: string): void {
  if (old === undefined) return;
  if (old.kind === 'dir' && node.kind !== 'dir') throw new DiskError('EISDIR', to);
  if (old.kind !== 'dir' && node.kind === 'dir') throw new DiskError('ENOTDIR', to);
  if (old.kind === 'dir' && old.entries.size > 0) throw new DiskError('ENOTEMPTY', to);
}

function partsOf(path: string): string[] {
  // A relative path depends on where the process stands: code under test must never rely on that.
  if (!posix.isAbsolute(path)) throw new DiskError('ENOTABS', path);
  return posix
    .normalize(path)
    .split('/')
    .filter((part) => part !== '');
}
