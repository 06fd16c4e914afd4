import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listConvoys } from '../../convoy/find.ts';
import { renderConvoy, renderConvoyList } from '../../ui/text/convoys.ts';
import { convoyRow, convoySchema } from './row.ts';

export const schema = z.array(convoySchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const wanted = input.flag('status');
  const status = input.bool('all') ? 'all' : wanted === 'closed' ? 'closed' : 'open';
  const rows = (await listConvoys(await app.town(), { status })).map(convoyRow);
  const { style } = app.output;
  const tree = input.bool('tree') && rows.length > 0;
  const text = tree
    ? rows.map((row) => renderConvoy(row, style)).join('\n\n')
    : renderConvoyList(rows, style);
  return { data: rows, text };
}
