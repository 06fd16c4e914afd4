import type { TownContext } from '../../beads/context.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { chooseRig } from '../../rig/choose-rig.ts';

/** Roles with commands of their own; the others are named by their address: `gt session start <agent>`. */
export type NamedRole = 'mayor' | 'deacon' | 'witness' | 'refinery';

/** Which agent a command of a role means: the town's, or that of the rig that is named or stood in. */
export async function addressOf(
  ctx: TownContext,
  role: NamedRole,
  { app, input }: { readonly app: AppContext; readonly input: CommandInput },
): Promise<AgentAddress> {
  if (role === 'mayor' || role === 'deacon') return { role };
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  return { role, rig: rig.name };
}
