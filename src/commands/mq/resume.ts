import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { resumeLane } from '../../refinery/pause.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ rig: z.string(), target: z.string(), paused: z.boolean() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const target = input.flag('target') ?? rig.defaultBranch;
  await resumeLane(ctx, rig, target);
  await wakeDaemon(ctx, 'queue');
  return {
    data: { rig: rig.name, target, paused: false },
    text: `${app.output.style.green('✓')} ${target} of ${rig.name} is landed on again`,
  };
}
