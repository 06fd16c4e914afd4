import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { convoyNamed, listConvoys } from '../../convoy/find.ts';
import { renderConvoy, renderConvoyList } from '../../ui/text/convoys.ts';
import { convoyRow, convoySchema } from './row.ts';

export const schema = z.union([convoySchema, z.array(convoySchema)]);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const id = input.arg('convoy');
  if (id !== '') {
    const row = convoyRow(await convoyNamed(town, id));
    return { data: row, text: renderConvoy(row, app.output.style) };
  }
  const rows = (await listConvoys(town, { status: 'open' })).map(convoyRow);
  return { data: rows, text: renderConvoyList(rows, app.output.style) };
}
