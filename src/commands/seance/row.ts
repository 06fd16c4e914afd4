import * as z from 'zod/mini';
import { lengthOf } from '../../sessions/seance/past-session.ts';
import type { PastSession } from '../../sessions/seance/past-session.ts';

export const rowSchema = z.object({
  id: z.string(),
  agent: z.string(),
  session: z.string(),
  spawns: z.array(z.number()),
  conversation: z.optional(z.string()),
  bead: z.optional(z.string()),
  runtime: z.optional(z.string()),
  started_at: z.string(),
  ended_at: z.optional(z.string()),
  seconds: z.optional(z.number()),
  running: z.boolean(),
  ended_because: z.optional(z.string()),
});

export type SeanceRow = z.infer<typeof rowSchema>;

export function rowOf(past: PastSession, now: number): SeanceRow {
  const { id, agent, session, spawns, conversation, bead, runtime, started, end } = past;
  const ms = lengthOf(past, now);
  const rfc3339 = (time: number): string => new Date(time).toISOString();
  return {
    id,
    agent,
    session,
    spawns: [...spawns],
    ...(conversation === undefined ? {} : { conversation }),
    ...(bead === undefined ? {} : { bead }),
    ...(runtime === undefined ? {} : { runtime }),
    started_at: rfc3339(started),
    ...(end.kind === 'running' || end.at === undefined ? {} : { ended_at: rfc3339(end.at) }),
    ...(ms === undefined ? {} : { seconds: Math.round(ms / 1000) }),
    running: end.kind === 'running',
    ...(end.kind === 'running' ? {} : { ended_because: end.why }),
  };
}
