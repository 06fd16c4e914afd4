import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runTriage } from '../../watchdog/triage.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  action: z.enum(['nothing', 'start', 'wake']),
  target: z.string(),
  reason: z.string(),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { action, target, why } = await runTriage(await actingTown(app));
  const mark = action === 'nothing' ? app.output.style.dim('○') : app.output.style.green('✓');
  return { data: { action, target, reason: why }, text: `${mark} The ${target}: ${why}` };
}
