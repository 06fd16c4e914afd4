import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Ask = z.object({
  title: z.string(),
  options: z.array(z.string()).min(2),
  /** Index of the row that is marked at first; default 0. */
  marked: z.number().optional(),
  /** Text of the option that must be taken; another one ends the agent with 1. */
  wanted: z.string().optional(),
});

const Step = z.union([
  z.strictObject({ run: z.string() }),
  z.strictObject({ spawn: z.string() }),
  z.strictObject({ print: z.string() }),
  z.strictObject({ busy: z.number() }),
  z.strictObject({ busyUntil: z.string() }),
  z.strictObject({ read: z.number() }),
  z.strictObject({ ask: Ask }),
  z.strictObject({ limit: z.string() }),
  z.strictObject({ ignoreTerm: z.literal(true) }),
  z.strictObject({ exit: z.number() }),
  z.strictObject({ signal: z.string() }),
  z.strictObject({ idle: z.literal(true) }),
]);

export type Step = z.infer<typeof Step>;
export type Question = z.infer<typeof Ask>;

const Script = z.union([z.array(Step), z.record(z.string(), z.array(Step))]);

/** The steps for this prompt: the list itself, or the first entry whose marker stands in the prompt, else `*`. */
export function readSteps(path: string | undefined, prompt: string): readonly Step[] {
  if (path === undefined) return [];
  const script = Script.parse(JSON.parse(readFileSync(path, 'utf8')));
  if (Array.isArray(script)) return script;
  const marker = Object.keys(script).find((name) => name !== '*' && prompt.includes(name));
  return script[marker ?? '*'] ?? [];
}
