import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { resetNames } from '../../polecat/pool-names.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await chooseRig(town, { name: input.flag('rig') ?? '', cwd: app.cwd });
  const names = await resetNames(town, rig);
  const text =
    names.length === 0 ? `${rig.name} holds no name that nobody uses` : `Given back: ${names.join(', ')}`;
  return { text };
}
