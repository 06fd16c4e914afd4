import type { CommandInput } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import { parseRole } from '../../core/address.ts';
import type { Role } from '../../core/address.ts';
import type { RigName } from '../../core/names.ts';
import { rigNamed } from '../../rig/registry.ts';

export interface DirectivePlace {
  readonly role: Role;
  /** undefined = the town's. */
  readonly rig: RigName | undefined;
}

/** --rig, --town, else the rig that the caller belongs to. UsageError `role.bad`, NotFoundError `rig.not-found`. */
export async function readPlace(town: TownContext, input: CommandInput): Promise<DirectivePlace> {
  const role = parseRole(input.arg('role'));
  const named = input.flag('rig');
  if (named !== undefined) return { role, rig: (await rigNamed(town, named)).name };
  const own = 'rig' in town.actor ? town.actor.rig : undefined;
  return { role, rig: input.bool('town') ? undefined : own };
}
