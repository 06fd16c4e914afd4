import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { grepSessions } from '../../sessions/seance/grep.ts';
import { listPastSessions, shortIds } from '../../sessions/seance/list.ts';
import type { SessionFilter } from '../../sessions/seance/list.ts';
import { parsePattern } from '../../sessions/seance/pattern.ts';
import { openSources } from '../../sessions/seance/sources.ts';
import { renderHits } from '../../ui/text/seance.ts';

export const grepSchema = z.object({
  hits: z.array(
    z.object({
      id: z.string(),
      agent: z.string(),
      bead: z.optional(z.string()),
      at: z.optional(z.string()),
      speaker: z.enum(['user', 'agent', 'command', 'file', 'output']),
      text: z.string(),
    }),
  ),
  cut: z.boolean(),
  searched: z.number(),
  lost: z.number(),
});

interface GrepWords {
  readonly pattern: string;
  readonly filter: SessionFilter;
}

export async function grep(
  app: AppContext,
  input: CommandInput,
  { pattern, filter }: GrepWords,
): Promise<CommandReply> {
  const parsed = parsePattern(pattern);
  const town = await app.town();
  const sessions = await listPastSessions(town, filter);
  const result = await grepSessions(town, {
    sessions,
    sourceOf: await openSources(town),
    pattern: parsed,
    limit: input.number('recent') ?? 20,
    signal: app.stopSignal,
  });
  const hits = result.hits.map(({ session: { id, agent, bead }, at, speaker, text }) => ({
    id,
    agent,
    ...(bead === undefined ? {} : { bead }),
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    speaker,
    text,
  }));
  const data = { ...result, hits };
  return { data, text: () => renderHits(data, { style: app.output.style, ids: shortIds(sessions) }) };
}
