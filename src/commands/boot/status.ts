import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderRoleStatus } from '../../ui/text/roles.ts';
import { readRoleStatus } from '../../watchdog/roles/status.ts';

export const schema = z.object({
  running: z.boolean(),
  session: z.string(),
  watched_by_daemon: z.boolean(),
  daemon: z.object({
    running: z.boolean(),
    pid: z.optional(z.number()),
    last_heartbeat: z.optional(z.string()),
  }),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const status = await readRoleStatus(ctx, { role: 'boot' });
  const { daemon, session, seen } = status;
  return {
    data: {
      running: seen.kind === 'live',
      session,
      watched_by_daemon: daemon.running,
      daemon: daemon.running
        ? { running: true, pid: daemon.pid, last_heartbeat: daemon.lastHeartbeat }
        : { running: false },
    },
    text: renderRoleStatus(status, {
      polecats: undefined,
      now: ctx.ports.clock.now(),
      paint: app.output.style,
    }),
  };
}
