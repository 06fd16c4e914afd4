import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { WaitRule, Waited } from '../../hooks/await.ts';

export function waitRule(input: CommandInput): WaitRule {
  return {
    timeoutMs: input.duration('timeout') ?? 60_000,
    baseMs: input.duration('backoff-base'),
    factor: input.number('backoff-mult') ?? 2,
    maxMs: input.duration('backoff-max'),
  };
}

/** Both ends are a success; `found` = how a find is called. `elapsed` is in nanoseconds, as scripts know it. */
export function waitReply(
  input: CommandInput,
  waited: Waited<unknown>,
  { word, found }: { readonly word: string; readonly found: Readonly<Record<string, unknown>> },
): CommandReply {
  const hit = waited.found !== undefined;
  const effort = hit ? 'full' : 'abbreviated';
  const data = {
    reason: hit ? word : 'timeout',
    elapsed: Math.round(waited.elapsedMs * 1_000_000),
    ...found,
    idle_cycles: waited.idle,
    effort_level: effort,
  };
  const text = hit
    ? `${word} after ${Math.round(waited.elapsedMs / 1000)} s: do a full round`
    : `timeout after ${Math.round(waited.elapsedMs / 1000)} s (${waited.idle} idle): a short round is enough`;
  return { data, text: input.bool('quiet') ? '' : text };
}
