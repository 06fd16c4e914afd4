import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { findTarget } from '../../sessions/target.ts';
import { checkHealth } from '../../watchdog/health-check.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  agent: z.string(),
  verdict: z.enum(['healthy', 'no-answer', 'force-kill']),
  why: z.string(),
  failures: z.number(),
});

const EXIT = { healthy: 0, 'no-answer': 1, 'force-kill': 2 } as const;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const target = await findTarget(town, input.arg('agent'));
  const health = await checkHealth(town, target, {
    failures: input.number('failures') ?? 3,
    timeoutMs: input.duration('timeout') ?? 30_000,
    cooldownMs: input.duration('cooldown') ?? 300_000,
  });
  const agent = formatAddress(target.address);
  const { green, yellow } = app.output.style;
  const mark = health.verdict === 'healthy' ? green('✓') : yellow('!');
  const next = health.verdict === 'force-kill' ? `\nEnd it: gt session stop ${agent}` : '';
  const count = health.failures === 0 ? '' : ` (check ${health.failures} in a row)`;
  return {
    data: { agent, ...health },
    text: `${mark} ${agent}: ${health.why}${count}${next}`,
    exitCode: EXIT[health.verdict],
  };
}
