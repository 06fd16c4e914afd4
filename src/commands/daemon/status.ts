import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderDaemonStatus } from '../../ui/text/daemon.ts';
import { askDaemon } from '../../watchdog/daemon-control.ts';
import { readDaemonStatus } from '../../watchdog/daemon-status.ts';

export const schema = z.object({
  running: z.boolean(),
  pid: z.optional(z.number()),
  started_at: z.optional(z.string()),
  last_heartbeat: z.optional(z.string()),
  heartbeat_count: z.optional(z.number()),
  answers: z.boolean(),
  troubles: z.array(z.string()),
  engines: z.array(z.object({ rig: z.string(), state: z.string(), waiting: z.array(z.string()) })),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const status = await readDaemonStatus(ctx);
  const own = status.running ? await askDaemon(ctx, { op: 'status' }) : undefined;
  const said = { answers: own !== undefined, troubles: own?.troubles ?? [], engines: own?.engines ?? [] };
  const facts = status.running
    ? {
        running: true,
        pid: status.pid,
        started_at: status.startedAt,
        last_heartbeat: status.lastHeartbeat,
        heartbeat_count: own?.heartbeats ?? status.heartbeats,
      }
    : { running: false };
  return {
    data: { ...facts, ...said },
    text: renderDaemonStatus(status, { own, now: ctx.ports.clock.now(), paint: app.output.style }),
  };
}
