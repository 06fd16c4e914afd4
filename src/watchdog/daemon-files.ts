import type { TownContext } from '../beads/context.ts';
import { formatJson } from '../town/json-file.ts';

/** What the running daemon writes about itself, in the Go gt's keys. */
export interface DaemonRecord {
  readonly running: boolean;
  readonly pid: number;
  /** Start mark of the process. */
  readonly start: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly heartbeats: number;
}

export async function writeDaemonRecord(ctx: TownContext, record: DaemonRecord): Promise<void> {
  const { files, clock } = ctx.ports;
  await files.writeAtomic(
    ctx.paths.daemonState,
    formatJson({
      running: record.running,
      pid: record.pid,
      start: record.start,
      started_at: record.startedAt,
      last_heartbeat: new Date(clock.now()).toISOString(),
      heartbeat_count: record.heartbeats,
    }),
    { mode: 0o600 },
  );
}

/** `PID` and 16 hex digits, each on its line, as the Go gt reads it. */
export async function writeDaemonPid(ctx: TownContext, pid: number): Promise<void> {
  const nonce = Buffer.from(ctx.ports.random.bytes(8)).toString('hex');
  await ctx.ports.files.writeAtomic(ctx.paths.daemonPid, `${pid}\n${nonce}`, { mode: 0o600 });
}
