import xterm from '@xterm/headless';
import { normaliseRow } from './rows.ts';

/** Rows kept above the screen; `gt peek` shows 100 by default, and memory counts once per agent. */
const SCROLLBACK = 500;

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface ScreenModes {
  readonly bracketedPaste: boolean;
  readonly applicationCursor: boolean;
}

/** The agent's screen as a terminal would show it. The parser works asynchronously: `settled` is the barrier. */
export interface Screen {
  /** `done` runs when the bytes are on the screen. */
  write(bytes: Uint8Array, done: () => void): void;
  /** Resolves when everything written so far is on the screen. */
  settled(): Promise<void>;
  /** The visible rows, top first. */
  rows(): readonly string[];
  /** The last `count` rows of scrollback and screen, without blank tail. */
  tail(count: number): string;
  /** Rows and cursor in one text: equal = nothing has moved. */
  fingerprint(): string;
  /** Bytes that draw the present screen on an empty terminal of the same size. */
  redraw(): string;
  modes(): ScreenModes;
  resize(size: Size): void;
}

/** @param onReply what a terminal answers to the agent's queries */
export function createScreen(size: Size, onReply: (text: string) => void): Screen {
  const terminal = new xterm.Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: SCROLLBACK,
    allowProposedApi: true,
  });
  terminal.onData(onReply);
  const line = (y: number): string =>
    normaliseRow(terminal.buffer.active.getLine(y)?.translateToString(true) ?? '');
  const visible = (): readonly string[] => {
    const { baseY } = terminal.buffer.active;
    return Array.from({ length: terminal.rows }, (_, row) => line(baseY + row));
  };
  return {
    write: (bytes, done) => terminal.write(bytes, done),
    settled: () =>
      new Promise((resolve) => {
        terminal.write('', resolve);
      }),
    rows: visible,
    tail: (count) => {
      const all = Array.from({ length: terminal.buffer.active.length }, (_, y) => y);
      const end = all.findLast((y) => line(y) !== '');
      if (end === undefined) return '';
      return all
        .slice(Math.max(0, end + 1 - count), end + 1)
        .map(line)
        .join('\n');
    },
    fingerprint: () => {
      const { cursorX, cursorY } = terminal.buffer.active;
      return `${cursorX},${cursorY}\n${visible().join('\n')}`;
    },
    redraw: () => redraw(terminal, visible()),
    modes: () => ({
      bracketedPaste: terminal.modes.bracketedPasteMode,
      applicationCursor: terminal.modes.applicationCursorKeysMode,
    }),
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
  };
}

/** Text, cursor and the modes that change what keys send; colours come with the agent's next drawing. */
function redraw(terminal: xterm.Terminal, rows: readonly string[]): string {
  const { cursorX, cursorY } = terminal.buffer.active;
  const alternate = terminal.buffer.active.type === 'alternate' ? '\u001B[?1049h' : '';
  const text = rows.map((row, index) => `\u001B[${index + 1};1H${row}`).join('');
  const paste = terminal.modes.bracketedPasteMode ? '\u001B[?2004h' : '';
  const cursorKeys = terminal.modes.applicationCursorKeysMode ? '\u001B[?1h' : '';
  return `${alternate}\u001B[2J${text}\u001B[${cursorY + 1};${cursorX + 1}H${paste}${cursorKeys}`;
}
