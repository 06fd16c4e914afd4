import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { counted } from '../../core/text.ts';
import { renderAgentCheck } from '../../ui/text/agents.ts';
import { checkAgents, fixAgents } from '../../watchdog/agent-check.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ removed: z.number(), left: z.number() });

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const removed = await fixAgents(ctx);
  const check = await checkAgents(ctx);
  const paint = app.output.style;
  const line =
    removed === 0
      ? 'There was nothing to clear away'
      : `${paint.green('✓')} ${counted(removed, 'note')} of ended processes cleared away`;
  return {
    data: { removed, left: check.issues.length },
    text: check.issues.length === 0 ? line : `${line}\n\n${renderAgentCheck(check, paint)}`,
  };
}
