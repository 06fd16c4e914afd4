import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { readJsonFile } from '../town/json-file.ts';

/** daemon/state.json, in the Go gt's keys; `start` is ours. */
const stateSchema = z.object({
  running: z.optional(z.boolean()),
  pid: z.optional(z.number()),
  start: z.optional(z.string()),
  started_at: z.optional(z.string()),
  last_heartbeat: z.optional(z.string()),
  heartbeat_count: z.optional(z.number()),
});

/** Is the daemon there: its lock says so (the kernel frees it), state.json only tells more. */
export type DaemonStatus =
  | { readonly running: false }
  | {
      readonly running: true;
      readonly pid: number;
      /** Start mark of that process, when state.json speaks of it. */
      readonly start: string | undefined;
      /** RFC 3339; '' when unknown. */
      readonly startedAt: string;
      readonly lastHeartbeat: string;
      readonly heartbeats: number;
    };

export async function readDaemonStatus(ctx: TownContext): Promise<DaemonStatus> {
  const holder = await ctx.ports.locks.holder('daemon');
  if (holder === undefined) return { running: false };
  const parsed = stateSchema.safeParse(await readJsonFile(ctx.ports.files, ctx.paths.daemonState));
  const state = parsed.success && parsed.data.pid === holder.pid ? parsed.data : {};
  return {
    running: true,
    pid: holder.pid,
    start: state.start,
    startedAt: state.started_at ?? holder.since,
    lastHeartbeat: state.last_heartbeat ?? '',
    heartbeats: state.heartbeat_count ?? 0,
  };
}
