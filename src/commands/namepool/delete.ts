import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { DEFAULT_THEME } from '../../polecat/name-themes.ts';
import { deleteTheme } from '../../polecat/themes.ts';
import { listRigs } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const name = input.arg('name');
  await deleteTheme(town, name);
  const using: string[] = [];
  for (const rig of await listRigs(town)) {
    if ((await readRigSettings(town, rig)).get('namepool.style') === name) using.push(rig.name);
  }
  const warnings =
    using.length === 0 ? [] : [`${using.join(', ')} used it and now takes names of ${DEFAULT_THEME}`];
  return { text: `${app.output.style.green('✓')} theme ${name} is deleted`, warnings };
}
