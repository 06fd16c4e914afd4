import * as z from 'zod/mini';
import type { SessionName } from '../../core/names.ts';
import type { PaneState } from '../../ports/panes.ts';

const identity = z.object({ pid: z.number(), start: z.string() });

const stateSchema = z.object({
  session: z.string(),
  spawn: z.number(),
  host: identity,
  child: z.optional(identity),
  state: z.enum(['starting', 'dialog', 'ready', 'idle', 'busy', 'limited', 'exiting', 'exited']),
  since: z.string(),
  started: z.string(),
  lastOutput: z.optional(z.string()),
  lastHuman: z.optional(z.string()),
  attached: z.boolean(),
  runtime: z.string(),
  bead: z.optional(z.string()),
  conversation: z.optional(z.string()),
  resumed: z.optional(z.boolean()),
  account: z.optional(z.string()),
  wasReady: z.boolean(),
  reason: z.optional(z.string()),
  limitReset: z.optional(z.string()),
  exit: z.optional(z.object({ code: z.nullable(z.number()), signal: z.nullable(z.string()) })),
});

/** A host's account of its session; throws with what is wrong about it. */
export function parsePaneState(value: unknown): PaneState {
  const { session, ...rest } = stateSchema.parse(value);
  const present = Object.fromEntries(Object.entries(rest).filter(([, field]) => field !== undefined));
  return { session: session as SessionName, ...(present as typeof rest) } as PaneState;
}
