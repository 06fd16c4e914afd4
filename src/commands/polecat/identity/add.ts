import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { addIdentity } from '../../../polecat/identity/add.ts';
import { rigNamed } from '../../../rig/registry.ts';
import { actingTown } from '../../acting-town.ts';

export const schema = z.object({ rig: z.string(), name: z.string(), bead_id: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigNamed(town, input.arg('rig'));
  const row = await addIdentity(town, rig, input.arg('name') === '' ? undefined : input.arg('name'));
  const name = 'name' in row.address ? row.address.name : '';
  const data = { rig: rig.name, name, bead_id: row.bead.id };
  const text = [
    `${app.output.style.green('✓')} ${rig.name}/${name} is there (${row.bead.id})`,
    `  its worktree is made when it gets work: gt sling <bead> ${rig.name}/${name}`,
  ].join('\n');
  return { data, text };
}
