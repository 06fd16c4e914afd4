import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, RefusedError, UsageError } from '../../core/errors.ts';
import { formatAddress } from '../../core/address.ts';
import { resolve } from 'node:path';
import { findTarget } from '../../sessions/target.ts';
import { readTownSettings } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ agent: z.string(), session: z.string(), sent: z.boolean() });

/** The bare text, typed as a person would; never into a dialog, a limit, or somebody's unfinished line. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const { address, session } = await findTarget(ctx, input.arg('agent'));
  const text = await readText(app, input);
  const waitMs = (await readTownSettings(ctx)).get('operational.nudge.ready_timeout');
  const outcome = await ctx.ports.panes.inject(session, { text, mode: 'when-idle', waitMs });
  if (!outcome.sent) {
    throw new RefusedError({
      code: 'session.not-typed',
      message: `nothing was typed into ${session}: ${outcome.why}`,
      hint: `A message can wait for its moment: gt nudge ${formatAddress(address)} <text>`,
    });
  }
  return {
    data: { agent: formatAddress(address), session, sent: true },
    text: `${app.output.style.green('✓')} Typed into ${session}`,
  };
}

async function readText(app: AppContext, input: CommandInput): Promise<string> {
  const file = input.flag('file');
  const text = file === undefined ? input.flag('message') : await readFile(app, file);
  if (text !== undefined && text.trim() !== '') return text;
  throw new UsageError({
    code: 'session.no-text',
    message: 'there is no text to type',
    hint: 'Give it with -m, or in a file with -f',
  });
}

async function readFile(app: AppContext, file: string): Promise<string> {
  const text = await app.machine.files.readText(resolve(app.cwd, file));
  if (text !== undefined) return text;
  throw new NotFoundError({ code: 'session.no-file', message: `there is no file ${file}` });
}
