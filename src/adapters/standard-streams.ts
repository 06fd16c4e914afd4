import { fstatSync, statSync, writeSync } from 'node:fs';

/** The standard streams of this process. */
export interface StandardStreams {
  readonly isTTY: boolean;
  /** Of the terminal; 80 x 24 when there is none. */
  readonly columns: number;
  readonly rows: number;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** All of standard input. */
  readAll(): Promise<string>;
}

const OUT = 1;
const ERROR = 2;

/**
 * Writes straight to the descriptors: `process.stdout` costs 2 ms of start-up, and what it has buffered is lost
 * when the process exits. A reader that goes away (`gt log | head`) ends the process quietly with 0.
 */
export function createStandardStreams(): StandardStreams {
  const isTTY = isTerminal(OUT);
  return {
    isTTY,
    get columns() {
      return (isTTY ? process.stdout.columns : 0) || 80;
    },
    get rows() {
      return (isTTY ? process.stdout.rows : 0) || 24;
    },
    writeOut: (text) => writeAll(OUT, text),
    writeError: (text) => writeAll(ERROR, text),
    readAll,
  };
}

/** Only a character device other than /dev/null can be a terminal; asking node:tty about others costs 2 ms. */
function isTerminal(descriptor: number): boolean {
  try {
    const facts = fstatSync(descriptor);
    return facts.isCharacterDevice() && facts.rdev !== statSync('/dev/null').rdev && process.stdout.isTTY;
  } catch {
    return false;
  }
}

function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      /* Another process made the shared pipe non-blocking and it is full: wait for its reader. */
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function readAll(): Promise<string> {
  const { text } = await import('node:stream/consumers');
  return text(process.stdin);
}
