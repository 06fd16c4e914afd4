import { createScreen } from '../../pane-host/screen.ts';
import type { CastEvent } from '../../sessions/recording.ts';

const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/** What a terminal shows at the end of a recording: its last `lines` rows, as text. */
export async function lastScreen(events: readonly CastEvent[], lines: number): Promise<string> {
  const screen = createScreen(UNKNOWN_SIZE, () => undefined);
  for (const event of events) {
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
