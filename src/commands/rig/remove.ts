import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderRigRemoved } from '../../ui/text/rig.ts';
import { removeRig } from '../../watchdog/rig-remove.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  name: z.string(),
  path: z.string(),
  stopped_sessions: z.array(z.string()),
  rescued: z.array(z.object({ path: z.string(), ref: z.string(), command: z.string() })),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await rigNamed(ctx, input.arg('name'));
  const removed = await removeRig(ctx, rig, { force: input.bool('force') });
  const data = {
    name: rig.name,
    path: rig.paths.root,
    stopped_sessions: removed.stopped,
    rescued: removed.rescued,
  };
  return { data, text: renderRigRemoved(data, app.output.style) };
}
