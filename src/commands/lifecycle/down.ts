import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderDown, renderDownPlan } from '../../ui/text/down.ts';
import { runDown } from '../../watchdog/down.ts';
import { createHands } from '../../watchdog/real-hands.ts';
import { listSurvivors } from '../../watchdog/survivors.ts';

const processSchema = z.array(z.object({ pid: z.number(), what: z.string() }));

export const schema = z.object({
  success: z.boolean(),
  stopped_sessions: z.array(z.string()),
  daemon_pid: z.optional(z.number()),
  store_pid: z.optional(z.number()),
  survivors: processSchema,
  troubles: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  if (input.bool('dry-run')) {
    const survivors = await listSurvivors(ctx);
    const data = { success: true, stopped_sessions: [], survivors, troubles: [] };
    return { data, text: renderDownPlan(survivors) };
  }
  const report = await runDown(ctx, createHands(ctx, input.bool('force') ? 0 : undefined));
  const success = report.survivors.length === 0 && report.troubles.length === 0;
  return {
    data: {
      success,
      stopped_sessions: report.sessions,
      ...(report.daemonPid === undefined ? {} : { daemon_pid: report.daemonPid }),
      ...(report.storePid === undefined ? {} : { store_pid: report.storePid }),
      survivors: report.survivors,
      troubles: report.troubles,
    },
    text: renderDown(report, { paint: app.output.style, quiet: input.bool('quiet') }),
    exitCode: success ? 0 : 1,
  };
}
