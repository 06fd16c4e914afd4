import * as z from 'zod/mini';
import { parseJson, said, saw, timeOf, toolItems } from './item.ts';
import type { TranscriptItem } from './item.ts';

const resultText = z.union([z.string(), z.array(z.looseObject({ text: z.optional(z.string()) }))]);
const block = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  name: z.optional(z.string()),
  input: z.optional(z.record(z.string(), z.unknown())),
  content: z.optional(z.nullable(resultText)),
});
const usage = z.object({
  input_tokens: z.optional(z.number()),
  output_tokens: z.optional(z.number()),
  cache_creation_input_tokens: z.optional(z.nullable(z.number())),
  cache_read_input_tokens: z.optional(z.nullable(z.number())),
});
const line = z.object({
  type: z.enum(['user', 'assistant']),
  timestamp: z.optional(z.string()),
  isMeta: z.optional(z.boolean()),
  isSidechain: z.optional(z.boolean()),
  message: z.object({
    id: z.optional(z.string()),
    content: z.union([z.string(), z.array(block)]),
    usage: z.optional(usage),
  }),
});
type Line = z.infer<typeof line>;

/** One line of `projects/<folder>/<session>.jsonl`. Of the many kinds only messages of the conversation count. */
export function parseClaude(text: string): readonly TranscriptItem[] {
  if (!/"type":\s*"(?:user|assistant)"/.test(text)) return [];
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.isMeta === true || parsed.data.isSidechain === true) return [];
  const { type, message, timestamp } = parsed.data;
  const at = timeOf(timestamp);
  const by = type === 'user' ? 'user' : 'agent';
  const { content } = message;
  const items =
    typeof content === 'string'
      ? said(at, by, content)
      : content.flatMap((part): readonly TranscriptItem[] => {
          if (part.type === 'text') return said(at, by, part.text ?? '');
          if (part.type === 'tool_use') return toolItems(at, part.name ?? '', part.input ?? {});
          return part.type === 'tool_result' ? saw(at, textOf(part.content ?? '')) : [];
        });
  return [...items, ...used(at, message)];
}

function textOf(content: z.infer<typeof resultText>): string {
  return typeof content === 'string' ? content : content.flatMap(({ text }) => text ?? []).join('\n');
}

/** Every block of a message is a line of its own and tells the usage of the whole message. */
function used(at: number | undefined, { id, usage: told }: Line['message']): readonly TranscriptItem[] {
  if (told === undefined) return [];
  const tokens = {
    input: (told.input_tokens ?? 0) + (told.cache_creation_input_tokens ?? 0),
    output: told.output_tokens ?? 0,
    cached: told.cache_read_input_tokens ?? 0,
  };
  return [{ kind: 'used', at, call: id ?? '', tokens }];
}
