import type { TownContext } from '../../beads/context.ts';
import { parseClaude } from './claude.ts';
import { parseCodex } from './codex.ts';
import type { ParsePiece, TranscriptItem } from './item.ts';
import { OPENCODE_PARTS, parseOpencode } from './opencode.ts';
import { parsePi } from './pi.ts';
import { recordingReader } from './recording.ts';

/** Where a conversation is written down. */
export type TranscriptPlace =
  | { readonly store: 'claude' | 'codex' | 'pi'; readonly file: string; readonly conversation: string }
  | { readonly store: 'opencode'; readonly file: string; readonly conversation: string }
  /** Only what the terminal showed. */
  | { readonly store: 'recording'; readonly files: readonly string[] };

const LINES: Readonly<Record<'claude' | 'codex' | 'pi', ParsePiece>> = {
  claude: parseClaude,
  codex: parseCodex,
  pi: parsePi,
};

/** Takes items as they are read; false = enough. */
export type Visit = (items: readonly TranscriptItem[]) => boolean;

/**
 * Reads a conversation from its start without holding it; torn and unknown pieces are left out.
 * @param holding only pieces with this text (plain ASCII, any case), where the store can tell
 */
export async function readTranscript(
  ctx: TownContext,
  place: TranscriptPlace,
  { holding, visit }: { readonly holding?: string | undefined; readonly visit: Visit },
): Promise<void> {
  const { archives } = ctx.ports;
  const wanted = holding === undefined ? {} : { holding };
  switch (place.store) {
    case 'claude':
    case 'codex':
    case 'pi': {
      const parse = LINES[place.store];
      await archives.lines(place.file, wanted, (lines) => visit(lines.flatMap(parse)));
      return;
    }
    case 'opencode':
      visit(await opencodeItems(ctx, place, holding));
      return;
    case 'recording': {
      const parse = recordingReader();
      let more = true;
      for (const file of place.files) {
        if (!more) return;
        await archives.lines(file, {}, (lines) => (more = visit(lines.flatMap(parse))));
      }
    }
  }
}

async function opencodeItems(
  ctx: TownContext,
  { file, conversation }: { readonly file: string; readonly conversation: string },
  holding: string | undefined,
): Promise<readonly TranscriptItem[]> {
  const filter = holding === undefined ? '' : ' and instr(lower(p.data), ?) > 0';
  const values = holding === undefined ? [conversation] : [conversation, holding.toLowerCase()];
  const sql = `${OPENCODE_PARTS}${filter} order by p.time_created, p.id`;
  return ((await ctx.ports.archives.rows(file, sql, values)) ?? []).flatMap(parseOpencode);
}
