import { join } from 'node:path';
import { NotFoundError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { recordedSpawn } from '../core/recording-name.ts';
import type { TownContext } from '../beads/context.ts';

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
  const { files } = ctx.ports;
  const names = ((await files.list(ctx.paths.recordingsDir)) ?? []).map(({ name }) => name);
  const spawns = names.flatMap((name) => recordedSpawn(session, name) ?? []);
  const newest = Math.max(...spawns);
  const parts = names.filter((name) => recordedSpawn(session, name) === newest).sort(olderPartFirst);
  if (parts.length === 0) {
    throw new NotFoundError({
      code: 'recording.none',
      message: `there is no recording of session ${session}`,
    });
  }
  const texts = await Promise.all(parts.map((name) => files.readText(join(ctx.paths.recordingsDir, name))));
  return texts.flatMap((text) => parseFrames(text ?? ''));
}

/** `x.3.cast.1` was written before `x.3.cast`. */
function olderPartFirst(a: string, b: string): number {
  return b.length - a.length;
}

export function parseFrames(cast: string): readonly Frame[] {
  let last = 0;
  return cast.split('\n').flatMap((line) => {
    const [seconds, text] = parseEvent(line) ?? [];
    if (seconds === undefined || text === undefined) return [];
    const waitMs = Math.min(LONGEST_PAUSE_MS, Math.max(0, (seconds - last) * 1000));
    last = seconds;
    return [{ waitMs, text }];
  });
}

/** `[1.5, "o", "text"]`; the header, resizes and torn lines are none. */
function parseEvent(line: string): readonly [number, string] | undefined {
  if (!line.startsWith('[')) return undefined;
  try {
    const [seconds, kind, text]: readonly unknown[] = JSON.parse(line) as readonly unknown[];
    return typeof seconds === 'number' && kind === 'o' && typeof text === 'string'
      ? [seconds, text]
      : undefined;
  } catch {
    return undefined;
  }
}
