import { printable } from '../../core/text.ts';
import { parseCastLine } from '../recording.ts';
import type { TranscriptItem } from './item.ts';

/* What moves the cursor separates texts that do not belong together: CSI with a final A-H, d or f. */
const MOVES = /\u001B\[[\d;]*[A-Hdf]|\r/g;
/** A screen that is drawn again and again says the same for a long time. */
const REMEMBERED = 400;

/**
 * Reads a recorded terminal as lines of text, for runtimes whose conversations gt cannot read: each line once, until
 * it has not been seen for a while.
 */
export function recordingReader(): (line: string) => readonly TranscriptItem[] {
  const seen = new Set<string>();
  const isNew = (text: string): boolean => {
    const known = seen.delete(text);
    seen.add(text);
    const [oldest] = seen;
    if (seen.size > REMEMBERED && oldest !== undefined) seen.delete(oldest);
    return !known;
  };
  return (line) => {
    const event = parseCastLine(line);
    if (event?.kind !== 'output') return [];
    return printable(event.text.replaceAll(MOVES, '\n'))
      .split('\n')
      .map((text) => text.trim())
      .filter((text) => text.length > 1 && isNew(text))
      .map((text) => ({ kind: 'saw', at: undefined, text }));
  };
}
