import type { CommandReply } from '../cli/command.ts';
import type { AppContext } from '../context.ts';
import type { Files } from '../ports/files.ts';

const POLL_MS = 500;
const TAIL_BYTES = 256 * 1024;

/** The last `count` lines of a text file, and the byte after them. */
export async function lastLines(
  files: Files,
  path: string,
  count: number,
): Promise<{ readonly lines: readonly string[]; readonly next: number }> {
  const size = (await files.stat(path))?.size ?? 0;
  const from = Math.max(0, size - TAIL_BYTES);
  const text = (await files.readText(path, from)) ?? '';
  const whole = from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  return { lines: lines.slice(Math.max(0, lines.length - count)), next: size };
}

export interface Follow {
  readonly path: string;
  /** Printed before: what was there already. */
  readonly text: string;
  /** Byte to begin at. */
  readonly from: number;
  readonly print: (line: string) => void;
}

/** Prints lines as they are added until the stop signal; a file that became shorter is read from its start. */
export async function followFile(
  app: AppContext,
  { path, text, from, print }: Follow,
): Promise<CommandReply> {
  const { stopSignal } = app;
  const { files, clock } = app.machine;
  if (text !== '') app.output.write(`${text}\n`);
  let offset = from;
  let half = '';
  while (!stopSignal.aborted) {
    const size = (await files.stat(path))?.size ?? 0;
    if (size < offset) offset = 0;
    if (size > offset) {
      const more = (await files.readText(path, offset)) ?? '';
      offset += Buffer.byteLength(more);
      const lines = (half + more).split('\n');
      half = lines.pop() ?? '';
      for (const line of lines) print(line);
    }
    await clock.sleep(POLL_MS, stopSignal);
  }
  return { exitCode: 0 };
}
