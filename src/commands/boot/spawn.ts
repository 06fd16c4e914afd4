import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderStarted } from '../../ui/text/roles.ts';
import { startRoleSession } from '../../watchdog/roles/start.ts';
import { actingTown } from '../acting-town.ts';
import { run as triage } from './triage.ts';

export const schema = z.object({
  action: z.string(),
  target: z.string(),
  reason: z.string(),
  session: z.optional(z.string()),
});

const BOOT = { role: 'boot' } as const;
const ORDER =
  'Look once at the town: gt boot triage, then gt status. Say what you found, and end this session.';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const agent = input.flag('agent');
  if (agent === undefined) return triage(app, input);
  const ctx = await actingTown(app);
  const started = await startRoleSession(ctx, { address: BOOT, agent, prompt: ORDER });
  return {
    data: { action: 'start', target: 'agent', reason: 'asked for', session: started.session },
    text: renderStarted(BOOT, started, app.output.style),
  };
}
