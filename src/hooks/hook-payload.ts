import * as z from 'zod/mini';

/** What runtimes send on standard input of a hook, as far as gt reads it. */
export interface HookPayload {
  readonly sessionId: string | undefined;
  /** startup, resume, clear, compact. */
  readonly source: string | undefined;
  /** File that the runtime writes the conversation into. */
  readonly transcript: string | undefined;
}

export const NO_PAYLOAD: HookPayload = { sessionId: undefined, source: undefined, transcript: undefined };

const schema = z.object({
  session_id: z.optional(z.string()),
  conversation_id: z.optional(z.string()),
  transcript_path: z.optional(z.nullable(z.string())),
  source: z.optional(z.string()),
});

/** Anything that is no such JSON says nothing: hooks go on without it. */
export function parseHookPayload(text: string): HookPayload {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) return NO_PAYLOAD;
    const { session_id, conversation_id, transcript_path, source } = parsed.data;
    return { sessionId: session_id ?? conversation_id, source, transcript: transcript_path ?? undefined };
  } catch {
    return NO_PAYLOAD;
  }
}
