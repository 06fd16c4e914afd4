import * as z from 'zod/mini';
import { parseJson, said, saw, timeOf, toolItems } from './item.ts';
import type { TranscriptItem } from './item.ts';

const tokens = z.object({
  input: z.number(),
  output: z.number(),
  cache: z.optional(z.object({ read: z.optional(z.number()) })),
});
const part = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  synthetic: z.optional(z.boolean()),
  tool: z.optional(z.string()),
  state: z.optional(
    z.looseObject({
      input: z.optional(z.record(z.string(), z.unknown())),
      output: z.optional(z.string()),
      error: z.optional(z.string()),
    }),
  ),
  tokens: z.optional(tokens),
});
const row = z.object({ id: z.string(), at: z.number(), role: z.nullable(z.string()), data: z.string() });

/** All parts of one conversation, oldest first, in the tables of opencode's own database. */
export const OPENCODE_PARTS =
  "select p.id as id, p.time_created as at, json_extract(m.data, '$.role') as role, p.data as data " +
  'from part p join message m on m.id = p.message_id where p.session_id = ?';

/** A row of OPENCODE_PARTS; [] for what is of no interest. */
export function parseOpencode(value: unknown): readonly TranscriptItem[] {
  const read = row.safeParse(value);
  const parsed = part.safeParse(read.success ? parseJson(read.data.data) : undefined);
  if (!read.success || !parsed.success) return [];
  const at = timeOf(read.data.at);
  const { type, text = '', synthetic, tool = '', state, tokens: told } = parsed.data;
  switch (type) {
    case 'text':
      return synthetic === true ? [] : said(at, read.data.role === 'user' ? 'user' : 'agent', text);
    case 'tool':
      return [...toolItems(at, tool, state?.input ?? {}), ...saw(at, state?.output ?? state?.error ?? '')];
    case 'step-finish': {
      if (told === undefined) return [];
      const cached = told.cache?.read ?? 0;
      return [
        { kind: 'used', at, call: read.data.id, tokens: { input: told.input, output: told.output, cached } },
      ];
    }
    default:
      return [];
  }
}
