import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderUp } from '../../ui/text/up.ts';
import { runUp } from '../../watchdog/up.ts';

export const schema = z.object({
  success: z.boolean(),
  services: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      rig: z.optional(z.string()),
      ok: z.boolean(),
      detail: z.string(),
    }),
  ),
  summary: z.object({ total: z.number(), started: z.number(), failed: z.number() }),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const services = await runUp(await app.town(), { restore: input.bool('restore') });
  const failed = services.filter(({ ok }) => !ok).length;
  const summary = { total: services.length, started: services.length - failed, failed };
  return {
    data: { success: failed === 0, services, summary },
    text: renderUp(services, { paint: app.output.style, quiet: input.bool('quiet') }),
    exitCode: failed === 0 ? 0 : 1,
  };
}
