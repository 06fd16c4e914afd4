import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { ExternalError } from '../../core/errors.ts';
import { stopDaemon } from '../../watchdog/daemon-control.ts';

export const schema = z.object({ pid: z.nullable(z.number()) });

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { pid, left } = await stopDaemon(await app.town());
  if (left.length > 0) {
    throw new ExternalError({
      code: 'daemon.not-stopped',
      message: `the daemon does not end: pid ${left.join(', ')} still lives`,
    });
  }
  const text =
    pid === undefined
      ? 'The daemon does not run'
      : `${app.output.style.green('✓')} Daemon stopped (pid ${pid})`;
  return { data: { pid: pid ?? null }, text };
}
