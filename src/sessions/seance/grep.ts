import type { TownContext } from '../../beads/context.ts';
import { oneLine } from '../../core/text.ts';
import type { TranscriptItem } from '../transcripts/item.ts';
import { readTranscript } from '../transcripts/read.ts';
import type { PastSession } from './past-session.ts';
import type { Pattern } from './pattern.ts';
import type { SessionSource } from './sources.ts';

/** A place in a conversation that holds what was looked for. */
export interface Hit {
  readonly session: PastSession;
  /** Unix ms, where the transcript says. */
  readonly at: number | undefined;
  readonly speaker: Speaker;
  /** The words around it, on one line. */
  readonly text: string;
}

/** `command` = a shell command of the agent, `file` = one it wrote, `output` = what a tool gave back. */
export type Speaker = 'user' | 'agent' | 'command' | 'file' | 'output';

export interface GrepRequest {
  readonly sessions: readonly PastSession[];
  readonly sourceOf: (session: PastSession) => Promise<SessionSource>;
  readonly pattern: Pattern;
  /** At most so many hits. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface GrepResult {
  readonly hits: readonly Hit[];
  /** There are more. */
  readonly cut: boolean;
  /** Sessions that were read. */
  readonly searched: number;
  /** Sessions of which nothing is left. */
  readonly lost: number;
}

/** Searches what sessions said, ran and saw, session by session; in each oldest first. */
export async function grepSessions(ctx: TownContext, request: GrepRequest): Promise<GrepResult> {
  const { sessions, sourceOf, pattern, limit, signal } = request;
  const hits: Hit[] = [];
  let [searched, lost] = [0, 0];
  for (const session of sessions) {
    if (hits.length > limit || signal.aborted) break;
    const { place } = await sourceOf(session);
    if (place === undefined) {
      lost += 1;
      continue;
    }
    searched += 1;
    await readTranscript(ctx, place, {
      holding: pattern.holding,
      visit: (items) => {
        for (const item of items) hits.push(...hitsIn(session, item, pattern.regex));
        return hits.length <= limit && !signal.aborted;
      },
    });
  }
  return { hits: hits.slice(0, limit), cut: hits.length > limit, searched, lost };
}

/** One hit for each line of the item that fits. */
function hitsIn(session: PastSession, item: TranscriptItem, regex: RegExp): readonly Hit[] {
  const spoken = textOf(item);
  if (spoken === undefined || !regex.test(spoken.text)) return [];
  const { at } = item;
  const lines = spoken.text.split('\n').flatMap((line) => {
    const match = regex.exec(line);
    return match === null ? [] : [around(line, match)];
  });
  // A pattern may need more than one line.
  const texts = lines.length > 0 ? lines : [around(spoken.text, regex.exec(spoken.text))];
  return texts.map((text) => ({ session, at, speaker: spoken.speaker, text }));
}

function textOf(item: TranscriptItem): { readonly speaker: Speaker; readonly text: string } | undefined {
  switch (item.kind) {
    case 'said':
      return { speaker: item.by, text: item.text };
    case 'ran':
      return { speaker: 'command', text: item.command };
    case 'wrote':
      return { speaker: 'file', text: item.path };
    case 'saw':
      return { speaker: 'output', text: item.text };
    case 'used':
      return undefined;
  }
}

const BEFORE = 60;
const SHOWN = 200;

/** The line, or of a long one what stands around the hit. */
function around(line: string, match: RegExpExecArray | null): string {
  const begin = Math.max(0, (match?.index ?? 0) - BEFORE);
  const start = line.length <= SHOWN ? 0 : begin;
  return `${start > 0 ? '…' : ''}${oneLine(line.slice(start, start + 2 * SHOWN), SHOWN)}`;
}
