import type { Size } from './screen.ts';

/** A terminal in front of the agent: the tmux pane, or a client attached over the socket. */
export interface Outer {
  write(bytes: Uint8Array | string): void;
  /** Bytes that it has not taken yet. */
  pending(): number;
  size(): Size;
  onInput(listener: (bytes: Uint8Array) => void): void;
  onResize(listener: (size: Size) => void): void;
  /** The terminal went away. */
  onClose(listener: () => void): void;
  /** Resolves when everything is written, or after `waitMs`. */
  flush(waitMs: number): Promise<void>;
}

/** Undoes what an agent that died may have left switched on; the last screen stays. */
const TERMINAL_RESET =
  '\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?1006l\u001B[?2004l\u001B[?1l\u001B[?25h\u001B[r\u001B[0m';

/** What a terminal shows when its agent is over: the last screen, a row further up, and a line that nobody takes for a prompt. */
export function farewell(text: string, { rows }: Size): string {
  return `${TERMINAL_RESET}\u001B[${rows};1H\r\n\u001B[7m ${text} \u001B[0m`;
}

/** This process's own terminal, in raw mode; undefined when there is none (started without tmux). */
export function openOuter(): Outer | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  unblock(stdout);
  // EIO once the terminal is gone; the end of stdin says so too.
  stdout.on('error', () => undefined);
  stdin.on('error', () => undefined);
  stdin.setRawMode(true);
  return {
    write: (bytes) => void stdout.write(bytes),
    pending: () => stdout.writableLength,
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    onInput: (listener) => void stdin.on('data', listener),
    onResize: (listener) =>
      void stdout.on('resize', () => listener({ columns: stdout.columns, rows: stdout.rows })),
    onClose: (listener) => void stdin.on('end', listener),
    flush: (waitMs) => flush(stdout, waitMs),
  };
}

/**
 * Node writes to a terminal synchronously: while the tmux server hangs, so would we, and with us the socket. There
 * is no public switch for it.
 */
function unblock(stream: NodeJS.WriteStream): void {
  const handle: unknown = Reflect.get(stream, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking');
  if (typeof setBlocking === 'function') Reflect.apply(setBlocking, handle, [false]);
}

function flush(stream: NodeJS.WriteStream, waitMs: number): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    stream.once('drain', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
