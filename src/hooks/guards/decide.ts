import * as z from 'zod/mini';
import { simpleCommands } from './shell.ts';
import { GUARDS } from './rules.ts';
import type { GuardFacts } from './rules.ts';

/** Payload of the hook before a shell command, as far as guards read it; cursor gives the command without a tool. */
const payloadSchema = z.object({
  tool_input: z.optional(z.object({ command: z.optional(z.string()) })),
  command: z.optional(z.string()),
});

export type GuardVerdict =
  | { readonly allow: true }
  /** `reason` is shown to the agent. */
  | { readonly allow: false; readonly guard: string; readonly reason: string };

export interface GuardRequest {
  /** `all` or the name of one guard. */
  readonly guard: string;
  /** What the hook gave on standard input. */
  readonly input: string;
  readonly facts: GuardFacts;
}

/** May this shell command run? Unreadable or missing input allows: a guard must never stop all of an agent's tools. */
export function decideGuard(request: GuardRequest): GuardVerdict {
  const command = commandOf(request.input);
  if (command === undefined) return { allow: true };
  const guards = GUARDS.filter((guard) => request.guard === 'all' || guard.name === request.guard);
  for (const words of simpleCommands(command)) {
    for (const guard of guards) {
      const reason = guard.refuse(words, request.facts);
      if (reason !== undefined) return { allow: false, guard: guard.name, reason };
    }
  }
  return { allow: true };
}

function commandOf(input: string): string | undefined {
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(input));
    return parsed.success ? (parsed.data.tool_input?.command ?? parsed.data.command) : undefined;
  } catch {
    return undefined;
  }
}
