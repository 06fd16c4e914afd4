import { createScreen } from '../../pane-host/screen.ts';
import type { CastEvent } from '../../sessions/recording.ts';

const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/** What a terminal shows at the end of a recording: its last `lines` rows, as text. */
export async function lastScreen(events: readonly CastEvent[], lines: number): Promise<string> {
  const screen = createScreen(UNKNOWN_SIZE, () => undefined);
  for (const event of withoutFarewell(events)) {
    if (event.kind === 'output') screen.write(Buffer.from(event.text), () => undefined);
    else {
      // A new size changes what stands there, not what is still to be drawn.
      await screen.settled();
      screen.resize(event);
    }
  }
  await screen.settled();
  return lines === 0 ? '' : screen.tail(lines);
}

/** Leaves the screen that a program fills, and shows again what stood there before it. */
const LEAVE = '\u001B[?1049l';
const FAREWELL = 4096;

/** Without the end of a program that puts its own screen away: what it had on it says more than its farewell. */
function withoutFarewell(events: readonly CastEvent[]): readonly CastEvent[] {
  const at = events.findLastIndex((event) => event.kind === 'output' && event.text.includes(LEAVE));
  const leaving = events[at];
  if (leaving?.kind !== 'output') return events;
  const after = events.slice(at + 1).map((event) => (event.kind === 'output' ? event.text : ''));
  const rest = leaving.text.slice(leaving.text.indexOf(LEAVE)) + after.join('');
  if (rest.length > FAREWELL) return events;
  return [...events.slice(0, at), { ...leaving, text: leaving.text.slice(0, leaving.text.indexOf(LEAVE)) }];
}
