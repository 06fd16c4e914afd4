import { join } from 'node:path';
import { recordedSpawn } from '../core/recording-name.ts';
import type { TownContext } from '../beads/context.ts';

/** Something that a recorded terminal showed, or that its size became. */
export type CastEvent = { readonly seconds: number } & (
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'size'; readonly columns: number; readonly rows: number }
);

/** One line of an asciicast v2: an event, or the header with the first size. undefined = torn or of another kind. */
export function parseCastLine(line: string): CastEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value)) return headerOf(value);
    const [seconds, kind, text]: readonly unknown[] = value;
    if (typeof seconds !== 'number' || typeof text !== 'string') return undefined;
    if (kind === 'o') return { seconds, kind: 'output', text };
    const size = kind === 'r' ? /^(\d+)x(\d+)$/.exec(text) : null;
    return size === null
      ? undefined
      : { seconds, kind: 'size', columns: Number(size[1]), rows: Number(size[2]) };
  } catch {
    return undefined;
  }
}

function headerOf(value: unknown): CastEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { width, height }: { readonly width?: unknown; readonly height?: unknown } = value;
  if (typeof width !== 'number' || typeof height !== 'number') return undefined;
  return { seconds: 0, kind: 'size', columns: width, rows: height };
}

/** Files that record these starts of a session, oldest first; none given = the newest that is recorded. */
export async function recordingFiles(
  ctx: TownContext,
  session: string,
  spawns: readonly number[] = [],
): Promise<readonly string[]> {
  const names = ((await ctx.ports.files.list(ctx.paths.recordingsDir)) ?? []).map(({ name }) => name);
  const recorded = names.flatMap((name) => {
    const spawn = recordedSpawn(session, name);
    return spawn === undefined ? [] : [{ name, spawn }];
  });
  const newest = Math.max(...recorded.map(({ spawn }) => spawn));
  const wanted = spawns.length === 0 ? [newest] : spawns;
  return recorded
    .filter(({ spawn }) => wanted.includes(spawn))
    .sort((a, b) => a.spawn - b.spawn || b.name.length - a.name.length) // x.3.cast.1 was written before x.3.cast
    .map(({ name }) => join(ctx.paths.recordingsDir, name));
}
