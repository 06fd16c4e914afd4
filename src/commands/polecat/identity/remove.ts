import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { removeIdentity } from '../../../polecat/identity/remove.ts';
import { polecatNamed } from '../../../polecat/list.ts';
import { rigNamed } from '../../../rig/registry.ts';
import { actingTown } from '../../acting-town.ts';

export const schema = z.object({
  rig: z.string(),
  name: z.string(),
  released: z.array(z.string()),
  read_back: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigNamed(town, input.arg('rig'));
  const view = await polecatNamed(town, rig, input.arg('name'));
  const nuked = await removeIdentity(town, rig, { view, force: input.bool('force') });
  const data = {
    rig: rig.name,
    name: view.name,
    released: [...(nuked?.released ?? [])],
    read_back: [...(nuked?.readBack ?? [])],
  };
  const text = [
    `${app.output.style.green('✓')} the identity of ${rig.name}/${view.name} has ended`,
    ...data.released.map((bead) => `  ${bead} is open again; it had held it`),
    ...data.read_back.map((command) => `  what only it had is kept: ${command}`),
  ].join('\n');
  return { data, text };
}
