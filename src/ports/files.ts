/**
 * The file system. Every method throws UnreadableError `files.unreadable`, or ExternalError `files.failed`
 * (disk full, read-only …) when the system refuses; `undefined` always means "looked, and it is not there".
 */
export interface Files {
  /** UTF-8 text from byte `from` (default 0), or undefined when there is no such file. */
  readText(path: string, from?: number): Promise<string | undefined>;
  /** Writes a sibling temp file, fsyncs, renames: readers see the old or the new bytes, never half. Parents are made. */
  writeAtomic(
    path: string,
    content: string | Uint8Array,
    options?: { readonly mode?: number },
  ): Promise<void>;
  /** Appends one line in a single write; starts on a new line even after a torn one. Parents are made. */
  appendLine(path: string, line: string): Promise<void>;
  /** Empties a file in place: who appends to it goes on at its new end. Absent is fine. */
  empty(path: string): Promise<void>;
  /** Entries of a folder sorted by name, or undefined when there is no such folder. */
  list(path: string): Promise<readonly FileEntry[] | undefined>;
  /** Facts of the thing itself (a link is a link), or undefined. */
  stat(path: string): Promise<FileStat | undefined>;
  makeDir(path: string, options?: { readonly mode?: number }): Promise<void>;
  /** Removes a file, link or whole folder; absent is fine. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** The path with all links resolved, or undefined when it does not exist. */
  realPath(path: string): Promise<string | undefined>;
  /** Makes or replaces a symbolic link at `path`. */
  link(path: string, target: string): Promise<void>;
}

export type FileKind = 'file' | 'dir' | 'link' | 'other';

export interface FileEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface FileStat {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** Unix milliseconds. */
  readonly modified: number;
  /** Permission bits, e.g. 0o600. */
  readonly mode: number;
}
