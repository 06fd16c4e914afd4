import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { setRigWanted } from '../../town/wanted.ts';
import { actingTown } from '../acting-town.ts';
import { watch } from '../mq/process.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  if (input.bool('foreground')) return watch(app, ctx, rig);
  await setRigWanted(ctx, rig.name, undefined);
  const heard = await wakeDaemon(ctx, 'config');
  const line = `${app.output.style.green('✓')} The merge engine of ${rig.name} is on`;
  return { text: heard ? line : `${line}; it works once the daemon runs: gt up` };
}
