import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { counted } from '../../core/text.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { shownSessions } from '../../sessions/cycle.ts';
import { readLook } from '../../sessions/look/read.ts';

export const schema = z.object({ applied: z.array(z.string()) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = input.bool('all')
    ? undefined
    : await chooseRig(ctx, { name: app.env['GT_RIG'] ?? '', cwd: app.cwd });
  const shown = (await shownSessions(ctx)).filter(
    ({ address }) => rig === undefined || ('rig' in address && address.rig === rig.name),
  );
  for (const { session, address } of shown)
    await ctx.ports.tmux.ui.dress(session, await readLook(ctx, address, session));
  const where = rig === undefined ? 'in the town' : `in ${rig.name}`;
  return {
    data: { applied: shown.map(({ session }) => session) },
    text:
      shown.length === 0
        ? `No session runs ${where}`
        : `${app.output.style.green('✓')} ${counted(shown.length, 'session')} ${where} got their colours`,
  };
}
