import type { SqlRow, SqlValue } from './store.ts';

/**
 * What other programs keep in files of their own, often large and still being written: only read, never held whole.
 * Every method throws UnreadableError when something is there and cannot be read.
 */
export interface Archives {
  /**
   * Hands over the lines of a text file in order, some at a time, until `visit` says false. A last line without an
   * end counts. False = there is no such file.
   */
  lines(path: string, wanted: WantedLines, visit: (lines: readonly string[]) => boolean): Promise<boolean>;
  /** Rows of one query on an SQLite file; undefined = there is no such file. */
  rows(path: string, sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[] | undefined>;
}

export interface WantedLines {
  /** From the first line that begins at or after this byte. */
  readonly from?: number;
  /** Only lines that hold this text; plain ASCII without line breaks, in any case of its letters. */
  readonly holding?: string;
}
