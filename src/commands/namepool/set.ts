import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { themeNamed } from '../../polecat/themes.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { writeRigKey } from '../../rig/settings.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await chooseRig(town, { name: input.flag('rig') ?? '', cwd: app.cwd });
  const theme = await themeNamed(town, input.arg('theme'));
  await writeRigKey(town, rig, { key: 'namepool.style', text: theme.name });
  return {
    text: `${app.output.style.green('✓')} new polecats of ${rig.name} are called by the theme ${theme.name}`,
  };
}
