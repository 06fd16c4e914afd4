import * as z from 'zod/mini';

/** What runtimes send on standard input of a hook, as far as gt reads it. */
export interface HookPayload {
  readonly sessionId: string | undefined;
  /** startup, resume, clear, compact. */
  readonly source: string | undefined;
}

export const NO_PAYLOAD: HookPayload = { sessionId: undefined, source: undefined };

const schema = z.object({
  session_id: z.optional(z.string()),
  source: z.optional(z.string()),
});

/** Anything that is no such JSON says nothing: hooks go on without it. */
export function parseHookPayload(text: string): HookPayload {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) return NO_PAYLOAD;
    return { sessionId: parsed.data.session_id, source: parsed.data.source };
  } catch {
    return NO_PAYLOAD;
  }
}
