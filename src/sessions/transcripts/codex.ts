import * as z from 'zod/mini';
import { isJsonObject } from '../../town/json-file.ts';
import { parseJson, said, saw, timeOf, toolItems } from './item.ts';
import type { TranscriptItem } from './item.ts';

const line = z.object({
  timestamp: z.optional(z.string()),
  type: z.string(),
  payload: z.looseObject({ type: z.optional(z.string()) }),
});
const message = z.object({
  role: z.string(),
  content: z.array(z.looseObject({ text: z.optional(z.string()) })),
});
const output = z.union([z.string(), z.looseObject({ content: z.optional(z.string()) })]);
const call = z.object({
  name: z.optional(z.string()),
  arguments: z.optional(z.string()),
  input: z.optional(z.string()),
  action: z.optional(z.record(z.string(), z.unknown())),
});
const totals = z.object({
  info: z.object({
    total_token_usage: z.object({
      input_tokens: z.number(),
      cached_input_tokens: z.optional(z.number()),
      output_tokens: z.number(),
    }),
  }),
});
const meta = z.object({
  type: z.literal('session_meta'),
  payload: z.object({ id: z.string(), cwd: z.optional(z.string()), timestamp: z.optional(z.string()) }),
});

/**
 * One line of a rollout (`sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`): `response_item` is what the model sees,
 * of `event_msg`, which says the same for the screen, only the token counts are taken.
 */
export function parseCodex(text: string): readonly TranscriptItem[] {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return [];
  const { type, payload } = parsed.data;
  const at = timeOf(parsed.data.timestamp);
  if (type === 'event_msg') return payload.type === 'token_count' ? used(at, payload) : [];
  return type === 'response_item' ? responseItems(at, payload) : [];
}

/** Who a rollout is about: its first line. */
export function parseCodexHead(text: string): { readonly id: string; readonly cwd: string } | undefined {
  const parsed = meta.safeParse(parseJson(text));
  return parsed.success ? { id: parsed.data.payload.id, cwd: parsed.data.payload.cwd ?? '' } : undefined;
}

function responseItems(
  at: number | undefined,
  payload: z.infer<typeof line>['payload'],
): readonly TranscriptItem[] {
  switch (payload.type ?? '') {
    case 'message':
      return messageItems(at, payload);
    case 'function_call':
    case 'custom_tool_call':
    case 'local_shell_call':
      return callItems(at, payload);
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const parsed = output.safeParse(payload['output']);
      if (!parsed.success) return [];
      return saw(at, typeof parsed.data === 'string' ? parsed.data : (parsed.data.content ?? ''));
    }
    default:
      return [];
  }
}

/** The instructions and surroundings that codex itself puts first are no words of a person. */
const OWN_WORDS = /^\s*<(?:environment_context|user_instructions|permissions)/;

function messageItems(at: number | undefined, payload: unknown): readonly TranscriptItem[] {
  const parsed = message.safeParse(payload);
  if (!parsed.success) return [];
  const { role, content } = parsed.data;
  const words = content.flatMap(({ text }) => text ?? []).join('\n');
  if (role === 'assistant') return said(at, 'agent', words);
  return role === 'user' && !OWN_WORDS.test(words) ? said(at, 'user', words) : [];
}

function callItems(at: number | undefined, payload: unknown): readonly TranscriptItem[] {
  const parsed = call.safeParse(payload);
  if (!parsed.success) return [];
  const { name = 'local_shell', arguments: words, input, action } = parsed.data;
  const given = action ?? parseJson(words ?? '');
  const patch = input ?? words ?? '';
  return [...toolItems(at, name, isJsonObject(given) ? given : {}), ...patchedFiles(at, patch)];
}

function patchedFiles(at: number | undefined, text: string): readonly TranscriptItem[] {
  const paths = [...text.matchAll(/\*\*\* (?:Update|Add|Delete) File: ([^\n\\]+)/g)];
  return paths.map(([, path = '']) => ({ kind: 'wrote', at, path: path.trim() }));
}

/** Cumulative, and the cached tokens are part of the input. */
function used(at: number | undefined, payload: unknown): readonly TranscriptItem[] {
  const parsed = totals.safeParse(payload);
  if (!parsed.success) return [];
  const {
    input_tokens: all,
    cached_input_tokens: cached = 0,
    output_tokens,
  } = parsed.data.info.total_token_usage;
  return [
    { kind: 'used', at, call: 'total', tokens: { input: all - cached, output: output_tokens, cached } },
  ];
}
