import * as z from 'zod/mini';

/** What runtimes send on standard input of a hook, as far as gt reads it. */
export interface HookPayload {
  readonly sessionId: string | undefined;
  /** startup, resume, clear, compact. */
  readonly source: string | undefined;
  /** This stop follows one that a hook blocked. */
  readonly stopHookActive: boolean;
}

export const NO_PAYLOAD: HookPayload = { sessionId: undefined, source: undefined, stopHookActive: false };

const schema = z.object({
  session_id: z.optional(z.string()),
  source: z.optional(z.string()),
  stop_hook_active: z.optional(z.boolean()),
});

/** Anything that is no such JSON says nothing: hooks go on without it. */
export function parseHookPayload(text: string): HookPayload {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) return NO_PAYLOAD;
    const { session_id, source, stop_hook_active } = parsed.data;
    return { sessionId: session_id, source, stopHookActive: stop_hook_active ?? false };
  } catch {
    return NO_PAYLOAD;
  }
}
