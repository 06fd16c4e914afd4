import type { TownContext } from '../../beads/context.ts';
import { readDoltRecord } from '../../town/dolt-record.ts';
import { askDaemon } from '../daemon-control.ts';
import { readDaemonStatus } from '../daemon-status.ts';
import type { DaemonServiceView, StoreView, TmuxView } from './types.ts';

/** A busy daemon answers late; status does not wait for it. */
const ANSWER_MS = 300;

export async function readDaemonService(ctx: TownContext): Promise<DaemonServiceView> {
  const status = await readDaemonStatus(ctx);
  if (!status.running) return { running: false };
  const { pid, startedAt, lastHeartbeat } = status;
  const own = await askDaemon(ctx, { op: 'status' }, ANSWER_MS);
  return { running: true, pid, startedAt, lastHeartbeat, own };
}

export async function readStoreService(ctx: TownContext): Promise<StoreView> {
  const { kind, location, ok, error, databases } = await ctx.ports.store.health();
  const base = { kind, location, ok, error, databases };
  if (kind === 'sqlite') return { ...base, bytes: await sizeOf(ctx, databases), server: undefined };
  const record = await readDoltRecord(ctx.ports.files, ctx.paths);
  const server =
    record === undefined ? undefined : { pid: record.running ? record.pid : undefined, port: record.port };
  return { ...base, bytes: undefined, server };
}

async function sizeOf(ctx: TownContext, databases: readonly string[]): Promise<number> {
  const stats = await Promise.all(
    databases.map((name) => ctx.ports.files.stat(`${ctx.paths.storeDir}/${name}.db`)),
  );
  return stats.reduce((sum, stat) => sum + (stat?.size ?? 0), 0);
}

/** One tmux call; none where tmux is not installed (agents then run detached). */
export async function readTmuxService(ctx: TownContext): Promise<TmuxView> {
  const { tmux, processes } = ctx.ports;
  const installed = (await processes.which('tmux', ctx.env['PATH'] ?? '')) !== undefined;
  const sessions = installed ? await tmux.sessions() : [];
  return { socket: tmux.socket, running: sessions.length > 0, sessions: sessions.length };
}
