import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderShutdown, renderShutdownPlan } from '../../ui/text/down.ts';
import { endSurvivors } from '../../watchdog/end-survivors.ts';
import { createHands } from '../../watchdog/real-hands.ts';
import { planShutdown, runShutdown } from '../../watchdog/shutdown.ts';
import type { ShutdownWishes } from '../../watchdog/shutdown.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  success: z.boolean(),
  stopped_sessions: z.array(z.string()),
  removed_worktrees: z.array(z.string()),
  kept_worktrees: z.array(z.object({ polecat: z.string(), why: z.string() })),
  read_back: z.array(z.string()),
  survivors: z.array(z.object({ pid: z.number(), what: z.string() })),
  troubles: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const wishes: ShutdownWishes = {
    scope: input.bool('polecats-only') ? 'polecats' : 'town',
    crew: input.bool('all') ? 'stop' : 'keep',
    dirty: input.bool('nuclear') ? 'rescue' : 'keep',
  };
  const plan = await planShutdown(ctx, wishes);
  if (input.bool('dry-run')) {
    const nothing = { read_back: [], survivors: [], troubles: [] };
    const would = {
      stopped_sessions: plan.sessions,
      removed_worktrees: plan.worktrees,
      kept_worktrees: plan.kept,
    };
    return { data: { success: true, ...would, ...nothing }, text: renderShutdownPlan(plan, wishes) };
  }
  const asks = !input.bool('yes') && !input.bool('force') && !input.json;
  if (asks && !(await app.confirm(`${renderShutdownPlan(plan, wishes)}\nShut down?`)))
    return { text: 'Nothing was done', exitCode: 1 };
  const report = await runShutdown(ctx, createHands(ctx, stopMs(input)), wishes);
  const graceMs = (input.number('cleanup-orphans-grace-secs') ?? 60) * 1000;
  const survivors = input.bool('cleanup-orphans') ? await endSurvivors(ctx, graceMs) : report.survivors;
  const success = survivors.length === 0 && report.troubles.length === 0;
  return {
    data: {
      success,
      stopped_sessions: report.sessions,
      removed_worktrees: report.removed,
      kept_worktrees: report.kept,
      read_back: report.readBack,
      survivors,
      troubles: report.troubles,
    },
    text: renderShutdown({ ...report, survivors }, { paint: app.output.style, scope: wishes.scope }),
    exitCode: success ? 0 : 1,
  };
}

function stopMs(input: CommandInput): number | undefined {
  if (input.bool('force')) return 0;
  return input.bool('graceful') ? (input.number('wait') ?? 30) * 1000 : undefined;
}
