import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findKept } from '../../hooks/rescue-list.ts';
import { renderRescue } from '../../ui/text/rescues.ts';
import { rescueRow, rescueSchema } from './row.ts';

export const schema = rescueSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const work = await findKept(town, input.arg('rescue'));
  const row = rescueRow(work, town.ports.clock.now());
  return { data: row, text: renderRescue(row, { bare: work.home.paths.bare, paint: app.output.style }) };
}
