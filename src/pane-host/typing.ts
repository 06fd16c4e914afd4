/**
 * Is a person typing? A state machine over the bytes of the outer terminal. Terminals also send on their own:
 * answers to queries, focus and mouse reports. Those are not typing, and any of them may be split between reads.
 */
export interface Typing {
  readonly mode: 'ground' | 'escape' | 'csi' | 'ss3' | 'string' | 'stringEscape' | 'paste';
  /** Bytes of the sequence now being read. */
  readonly sequence: string;
  /** Something was typed that no Enter, ^C or ^U has closed. */
  readonly open: boolean;
  /** Monotonic ms of the last key; undefined = none yet. */
  readonly lastKey: number | undefined;
  /** X10 mouse reports carry three raw bytes behind their end. */
  readonly skip: number;
}

export const NOT_TYPING: Typing = { mode: 'ground', sequence: '', open: false, lastKey: undefined, skip: 0 };

/** A key younger than this means that a person is at it. */
export const FRESH_KEY_MS = 5000;
/** An unfinished line is a guess (arrows, history, editors): it does not block for ever. */
export const OPEN_LINE_MS = 10 * 60_000;

const ESC = 0x1b;
const ENTER = new Set([0x0d, 0x0a]);
const CLOSING = new Set([0x03, 0x15]);
const PASTE_START = '200~';
const PASTE_END = '\u001B[201~';

/** Pure: what is known after these bytes came at `now` (monotonic ms). */
export function readTyping(before: Typing, bytes: Uint8Array, now: number): Typing {
  let state = before;
  for (const byte of bytes) state = readByte(state, byte, now);
  return state;
}

export function isTyping({ open, lastKey }: Typing, now: number): boolean {
  if (lastKey === undefined) return false;
  const age = now - lastKey;
  return age < FRESH_KEY_MS || (open && age < OPEN_LINE_MS);
}

function readByte(state: Typing, byte: number, now: number): Typing {
  if (state.skip > 0) return { ...state, skip: state.skip - 1 };
  switch (state.mode) {
    case 'ground':
      return byte === ESC ? { ...state, mode: 'escape', sequence: '' } : plainKey(state, byte, now);
    case 'escape':
      return afterEscape(state, byte, now);
    case 'csi':
      return inCsi(state, byte, now);
    case 'ss3':
      return key({ ...state, mode: 'ground' }, now);
    case 'string':
    case 'stringEscape':
      return inString(state, byte);
    case 'paste':
      return inPaste(state, byte, now);
  }
}

function plainKey(state: Typing, byte: number, now: number): Typing {
  if (ENTER.has(byte) || CLOSING.has(byte)) return { ...state, open: false, lastKey: now };
  return key(state, now);
}

function key(state: Typing, now: number): Typing {
  return { ...state, open: true, lastKey: now };
}

function afterEscape(state: Typing, byte: number, now: number): Typing {
  switch (String.fromCharCode(byte)) {
    case '[':
      return { ...state, mode: 'csi', sequence: '' };
    case 'O':
      return { ...state, mode: 'ss3' };
    // OSC, DCS, APC, PM, SOS: only terminals send them.
    case ']':
    case 'P':
    case '_':
    case '^':
    case 'X':
      return { ...state, mode: 'string', sequence: '' };
    default:
      return byte === ESC ? { ...state, lastKey: now } : plainKey({ ...state, mode: 'ground' }, byte, now);
  }
}

function inCsi(state: Typing, byte: number, now: number): Typing {
  const sequence = state.sequence + String.fromCharCode(byte);
  const isFinal = byte >= 0x40 && byte <= 0x7e;
  if (!isFinal) return sequence.length > 64 ? key({ ...state, mode: 'ground' }, now) : { ...state, sequence };
  const ground: Typing = { ...state, mode: 'ground', sequence: '' };
  if (sequence === PASTE_START) return key({ ...ground, mode: 'paste' }, now);
  if (sequence === 'M') return { ...ground, skip: 3 };
  if (isReport(sequence)) return ground;
  return CLOSING_KEYS.test(sequence) ? { ...ground, open: false, lastKey: now } : key(ground, now);
}

/** Enter, ^C and ^U as the kitty keyboard protocol writes them. */
const CLOSING_KEYS = /^(?:13(?:;\d*)?|99;5|117;5)u$/;
/**
 * Cursor position, device attributes and status, modes, window size, keyboard flags, focus, mouse. `1;2R` could also
 * be Shift-F3: taken as a report, since a lost F3 costs nothing.
 */
const REPORTS = [
  /^\??\d+;\d+(?:;\d+)?R$/,
  /^[?>=][\d;]*c$/,
  /^\??[\d;]*n$/,
  /^\??[\d;]*\$y$/,
  /^[\d;]+t$/,
  /^\?\d+u$/,
  /^[IO]$/,
  /^<[\d;]+[Mm]$/,
];

function isReport(sequence: string): boolean {
  return REPORTS.some((report) => report.test(sequence));
}

/** Ends with BEL or ESC \. */
function inString(state: Typing, byte: number): Typing {
  if (byte === 0x07) return { ...state, mode: 'ground' };
  if (byte === ESC) return { ...state, mode: 'stringEscape' };
  if (state.mode === 'stringEscape') return { ...state, mode: byte === 0x5c ? 'ground' : 'string' };
  return state;
}

/** A line break inside a paste closes nothing. */
function inPaste(state: Typing, byte: number, now: number): Typing {
  const sequence = (state.sequence + String.fromCharCode(byte)).slice(-PASTE_END.length);
  return key({ ...state, sequence, mode: sequence === PASTE_END ? 'ground' : 'paste' }, now);
}
