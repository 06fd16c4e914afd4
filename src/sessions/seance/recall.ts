import type { TownContext } from '../../beads/context.ts';
import { parseCastLine, recordingFiles } from '../recording.ts';
import type { CastEvent } from '../recording.ts';
import { readTranscript } from '../transcripts/read.ts';
import type { TranscriptPlace } from '../transcripts/read.ts';
import type { PastSession } from './past-session.ts';
import { SummaryBuilder } from './summary.ts';
import type { Summary } from './summary.ts';

/** The summary of a conversation; undefined where only its terminal was recorded, or nothing. */
export async function summarise(
  ctx: TownContext,
  place: TranscriptPlace | undefined,
): Promise<Summary | undefined> {
  if (place === undefined || place.store === 'recording') return undefined;
  const builder = new SummaryBuilder();
  await readTranscript(ctx, place, {
    visit: (items) => {
      for (const item of items) builder.add(item);
      return true;
    },
  });
  return builder.build();
}

/** Enough for any screen to have been drawn anew. */
const TAIL_BYTES = 2 * 1024 * 1024;

/** The end of what a session's terminal showed, with the sizes it had; [] when it was not recorded. */
export async function recordedEnd(ctx: TownContext, past: PastSession): Promise<readonly CastEvent[]> {
  if (past.session === '' || past.spawns.length === 0) return [];
  const [newest] = (await recordingFiles(ctx, past.session, past.spawns)).toReversed();
  if (newest === undefined) return [];
  const size = (await ctx.ports.files.stat(newest))?.size ?? 0;
  const head = await castLines(ctx, newest, { only: 1 });
  return size <= TAIL_BYTES
    ? await castLines(ctx, newest, {})
    : [...head, ...(await castLines(ctx, newest, { from: size - TAIL_BYTES }))];
}

async function castLines(
  ctx: TownContext,
  file: string,
  { from, only }: { readonly from?: number; readonly only?: number },
): Promise<readonly CastEvent[]> {
  const events: CastEvent[] = [];
  await ctx.ports.archives.lines(file, from === undefined ? {} : { from }, (lines) => {
    events.push(...lines.slice(0, only).flatMap((line) => parseCastLine(line) ?? []));
    return only === undefined;
  });
  return events;
}
