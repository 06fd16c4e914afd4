import * as z from 'zod/mini';
import { parseJson, said, saw, timeOf, toolItems } from './item.ts';
import type { TranscriptItem } from './item.ts';

const block = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  name: z.optional(z.string()),
  arguments: z.optional(z.record(z.string(), z.unknown())),
});
const line = z.object({
  type: z.literal('message'),
  id: z.optional(z.string()),
  timestamp: z.optional(z.string()),
  message: z.object({
    role: z.enum(['user', 'assistant', 'toolResult']),
    content: z.union([z.string(), z.array(block)]),
    usage: z.optional(z.object({ input: z.number(), output: z.number(), cacheRead: z.optional(z.number()) })),
  }),
});

/** One line of `sessions/--<folder>--/<time>_<id>.jsonl` of pi. Branches of a conversation are all told. */
export function parsePi(text: string): readonly TranscriptItem[] {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return [];
  const { id = '', timestamp, message } = parsed.data;
  const at = timeOf(timestamp);
  const { role, usage } = message;
  const blocks =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  const items = blocks.flatMap((part): readonly TranscriptItem[] => {
    if (part.type === 'toolCall') return toolItems(at, part.name ?? '', part.arguments ?? {});
    const words = part.type === 'text' ? (part.text ?? '') : '';
    if (role === 'toolResult') return saw(at, words);
    return said(at, role === 'user' ? 'user' : 'agent', words);
  });
  if (usage === undefined) return items;
  const tokens = { input: usage.input, output: usage.output, cached: usage.cacheRead ?? 0 };
  return [...items, { kind: 'used', at, call: id, tokens }];
}
