import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { startDaemon } from '../../watchdog/daemon-control.ts';
import { refuseWantedDown } from '../../watchdog/wanted-down.ts';

export const schema = z.object({ pid: z.number(), how: z.enum(['started', 'already']) });

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  await refuseWantedDown(ctx);
  const daemon = await startDaemon(ctx);
  const text =
    daemon.how === 'started'
      ? `${app.output.style.green('✓')} Daemon started, pid ${daemon.pid}`
      : `The daemon runs already, pid ${daemon.pid}`;
  return { data: daemon, text };
}
