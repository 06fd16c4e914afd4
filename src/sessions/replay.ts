import { NotFoundError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import { parseCastLine, recordingFiles } from './recording.ts';

/** Something a recorded terminal showed. */
export interface Frame {
  /** Milliseconds after the frame before. */
  readonly waitMs: number;
  readonly text: string;
}

/** Nobody watches an agent think. */
const LONGEST_PAUSE_MS = 1500;

/**
 * The newest recording of a session (asciicast v2): what it printed, with long pauses cut. Torn lines are left out.
 * NotFoundError `recording.none`.
 */
export async function readReplay(ctx: TownContext, session: SessionName): Promise<readonly Frame[]> {
  const files = await recordingFiles(ctx, session);
  if (files.length === 0) {
    throw new NotFoundError({
      code: 'recording.none',
      message: `there is no recording of session ${session}`,
    });
  }
  const texts = await Promise.all(files.map((file) => ctx.ports.files.readText(file)));
  return texts.flatMap((text) => parseFrames(text ?? ''));
}

export function parseFrames(cast: string): readonly Frame[] {
  let last = 0;
  return cast.split('\n').flatMap((line) => {
    const event = parseCastLine(line);
    if (event?.kind !== 'output') return [];
    const waitMs = Math.min(LONGEST_PAUSE_MS, Math.max(0, (event.seconds - last) * 1000));
    last = event.seconds;
    return [{ waitMs, text: event.text }];
  });
}
