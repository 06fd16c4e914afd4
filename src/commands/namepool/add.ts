import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { addName } from '../../polecat/pool-names.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await chooseRig(town, { name: input.flag('rig') ?? '', cwd: app.cwd });
  const name = input.arg('name').toLowerCase();
  const added = await addName(town, rig, name);
  const text = added
    ? `${app.output.style.green('✓')} ${rig.name} gives out ${name}`
    : `${rig.name} has ${name} already`;
  return { text };
}
