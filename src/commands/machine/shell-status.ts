import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { shellStatus } from '../../town/machine/shell.ts';
import { machineOf } from '../../town/machine/state.ts';

export const schema = z.object({
  rc: z.nullable(z.string()),
  hook: z.string(),
  installed: z.boolean(),
  enabled: z.boolean(),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { rc, ...rest } = await shellStatus(machineOf(app.machine, app.env));
  const { installed, enabled } = rest;
  const where = rc ?? 'no shell that gt knows';
  const text = installed
    ? `The hook is installed in ${where} and ${enabled ? 'on' : 'off (gt enable)'}`
    : `The hook is not installed (${where}). Install it: gt shell install`;
  return { data: { rc: rc ?? null, ...rest }, text };
}
