import * as z from 'zod/mini';
import type { EngineView } from './engine-loop.ts';

/** What can be said to the daemon's socket. */
export type DaemonRequest =
  /** Look now: work was slung, submitted, a session ended. */
  | { readonly op: 'wake' }
  | { readonly op: 'stop' }
  /** Look now and answer when that look is over. */
  | { readonly op: 'pass' }
  | { readonly op: 'status' }
  /** What the status bars show. */
  | { readonly op: 'bars' };

export interface DaemonView {
  readonly pid: number;
  readonly heartbeats: number;
  /** What could not be looked at in the last pass. */
  readonly troubles: readonly string[];
  readonly engines: readonly EngineView[];
}

export interface DaemonAnswer {
  readonly ok: true;
  readonly view?: DaemonView;
  readonly bars?: Readonly<Record<string, string>>;
}

const requestSchema = z.object({ op: z.enum(['wake', 'stop', 'pass', 'status', 'bars']) });

/** Throws for a message that is none of ours; the sender then gets an error for an answer. */
export function parseDaemonRequest(message: unknown): DaemonRequest {
  return requestSchema.parse(message);
}

const answerSchema = z.object({
  view: z.optional(
    z.object({
      pid: z.number(),
      heartbeats: z.number(),
      troubles: z.array(z.string()),
      engines: z.array(
        z.object({
          rig: z.string(),
          state: z.enum([
            'starting',
            'working',
            'idle',
            'done',
            'held',
            'disabled',
            'stopped',
            'lost',
            'failing',
          ]),
          waiting: z.array(z.string()),
        }),
      ),
    }),
  ),
});

/** The view in an answer; undefined when it has none. */
export function parseDaemonView(answer: unknown): DaemonView | undefined {
  const parsed = answerSchema.safeParse(answer);
  return parsed.success ? parsed.data.view : undefined;
}

const barsSchema = z.object({ bars: z.optional(z.record(z.string(), z.string())) });

export function parseDaemonBars(answer: unknown): Readonly<Record<string, string>> | undefined {
  const parsed = barsSchema.safeParse(answer);
  return parsed.success ? parsed.data.bars : undefined;
}
