import * as z from 'zod/mini';
import type { EngineView } from './engine-loop.ts';

/** What can be said to the daemon's socket. */
export type DaemonRequest =
  /** Look now: work was slung, submitted, a session ended. */
  | { readonly op: 'wake' }
  | { readonly op: 'stop' }
  /** Look now and answer when that look is over. */
  | { readonly op: 'pass' }
  | { readonly op: 'status' };

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
}

const requestSchema = z.object({ op: z.enum(['wake', 'stop', 'pass', 'status']) });

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
