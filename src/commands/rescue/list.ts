import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listKept, rescueHomes } from '../../hooks/rescue-list.ts';
import { rigNotFound } from '../../rig/registry.ts';
import { renderRescues } from '../../ui/text/rescues.ts';
import { rescueRow, rescueSchema } from './row.ts';

export const schema = z.array(rescueSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const [rig = '', ...rest] = input.arg('rig').split('/');
  const homes = await rescueHomes(town);
  const wanted = homes.filter(({ name }) => rig === '' || name === rig);
  if (rig !== '' && wanted.length === 0) throw rigNotFound(rig, homes);
  const kept = await listKept(town, wanted, rest.at(-1));
  const rows = kept.map((work) => rescueRow(work, town.ports.clock.now()));
  return { data: rows, text: renderRescues(rows, app.output) };
}
