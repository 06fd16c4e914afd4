import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { pauseLane } from '../../refinery/pause.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ rig: z.string(), target: z.string(), paused: z.boolean() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const target = input.flag('target') ?? rig.defaultBranch;
  await pauseLane(ctx, rig, { target, why: input.flag('reason') ?? 'paused by hand' });
  return {
    data: { rig: rig.name, target, paused: true },
    text: `${app.output.style.green('✓')} Nothing lands on ${target} of ${rig.name} until: gt mq resume ${rig.name}`,
  };
}
