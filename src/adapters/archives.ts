import { open, stat } from 'node:fs/promises';
import { BugError, UnreadableError, messageOf } from '../core/errors.ts';
import type { Archives, WantedLines } from '../ports/archives.ts';
import type { SqlRow, SqlValue } from '../ports/store.ts';
import { isAbsent, reading } from './file-errors.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Longer lines are pictures and the like: they are left out. */
const LONGEST_LINE = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

type Visit = (lines: readonly string[]) => boolean;

/** Files of other programs on disk. */
export function createArchives(): Archives {
  return { lines: readLines, rows: readRows };
}

async function readLines(path: string, { from = 0, holding }: WantedLines, visit: Visit): Promise<boolean> {
  const pick = holding === undefined ? splitLines : linesHolding(holding);
  const opened = await reading(path, () => open(path, 'r'));
  if (opened === undefined) return false;
  await using file = opened;
  const read = async (chunk: Buffer, at: number): Promise<number> =>
    (await reading(path, () => file.read(chunk, 0, chunk.length, at)))?.bytesRead ?? 0;
  for await (const whole of wholeLines(read, from)) {
    const lines = pick(whole);
    if (lines.length > 0 && !visit(lines)) break;
  }
  return true;
}

type Read = (chunk: Buffer, at: number) => Promise<number>;

/** Pieces of the file that begin and end with a line; without the last line end. */
async function* wholeLines(read: Read, from: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = from > 0;
  // One byte earlier: tells whether `from` begins a line or cuts one.
  for (let at = Math.max(0, from - 1); ;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const count = await read(chunk, at);
    if (count === 0) break;
    at += count;
    const data = joined(rest, chunk.subarray(0, count));
    const begin = skipping ? data.indexOf(NEWLINE) + 1 : 0;
    const end = data.lastIndexOf(NEWLINE);
    if ((skipping && begin === 0) || (end < 0 && data.length > LONGEST_LINE)) {
      rest = Buffer.alloc(0);
      skipping = true;
      continue;
    }
    skipping = false;
    if (end > begin) yield data.subarray(begin, end);
    rest = data.subarray(end < 0 ? begin : end + 1);
  }
  if (rest.length > 0 && !skipping) yield rest;
}

function joined(rest: Buffer, chunk: Buffer): Buffer {
  return rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
}

function splitLines(whole: Buffer): readonly string[] {
  return whole.toString('utf8').split('\n');
}

/** Bytes are searched as they are; only lines with a hit become text. */
function linesHolding(text: string): (whole: Buffer) => readonly string[] {
  if (!/^[\u0020-\u007E]+$/.test(text)) {
    throw new BugError({
      code: 'bug.bad-needle',
      message: `cannot look for '${text.slice(0, 60)}' in bytes`,
    });
  }
  const pattern = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'gi');
  return (whole) => {
    const bytes = whole.toString('latin1');
    const lines: string[] = [];
    pattern.lastIndex = 0;
    for (let hit = pattern.exec(bytes); hit !== null; hit = pattern.exec(bytes)) {
      const begin = bytes.lastIndexOf('\n', hit.index) + 1;
      const next = bytes.indexOf('\n', hit.index);
      const end = next < 0 ? bytes.length : next;
      lines.push(whole.toString('utf8', begin, end));
      pattern.lastIndex = end;
    }
    return lines;
  };
}

async function readRows(
  path: string,
  sql: string,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[] | undefined> {
  try {
    await stat(path);
    const { openConnection } = await import('./sqlite/connection.ts');
    // As a reader that may put right what a killed writer has left, else its newest rows would be missing.
    const connection = openConnection({ path, access: 'read', durability: 'full' });
    try {
      return connection.query(sql, values);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new UnreadableError({
      code: 'files.unreadable',
      message: `cannot read ${path}: ${messageOf(error)}`,
      cause: error,
    });
  }
}
