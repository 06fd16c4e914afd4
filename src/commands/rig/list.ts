import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderRigList } from '../../ui/text/rig.ts';
import { listRigRows } from '../../watchdog/rig-rows.ts';

export const schema = z.array(
  z.object({
    name: z.string(),
    beads_prefix: z.string(),
    status: z.enum(['operational', 'parked', 'docked', 'error']),
    witness: z.enum(['running', 'stopped']),
    refinery: z.enum(['running', 'stopped']),
    polecats: z.number(),
    crew: z.number(),
  }),
);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const rows = await listRigRows(await app.town());
  const data = rows.map((row) => ({
    name: row.name,
    beads_prefix: row.prefix,
    status: row.status,
    witness: row.witness,
    refinery: row.refinery,
    polecats: row.polecats,
    crew: row.crew,
  }));
  return {
    data,
    text: renderRigList(rows, app.output.style),
    warnings: rows.flatMap((row) => (row.why === undefined ? [] : [`rig ${row.name}: ${row.why}`])),
  };
}
