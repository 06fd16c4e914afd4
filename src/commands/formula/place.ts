import type { TownContext } from '../../beads/context.ts';
import type { CommandInput } from '../../cli/command.ts';
import { UsageError } from '../../core/errors.ts';
import { townKitchen } from '../../formulas/kitchen.ts';
import type { Kitchen } from '../../formulas/kitchen.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

/** The rig of --rig, else the caller's, else the only one. UsageError `formula.which-rig`. */
export async function rigFor(town: TownContext, input: CommandInput): Promise<Rig> {
  const named = namedRig(town, input);
  if (named !== undefined) return rigNamed(town, named);
  const rigs = await listRigs(town);
  const [only] = rigs;
  if (only !== undefined && rigs.length === 1) return only;
  throw new UsageError({
    code: 'formula.which-rig',
    message:
      rigs.length === 0 ? 'the town has no rig' : `which rig? ${rigs.map((rig) => rig.name).join(', ')}`,
    hint: rigs.length === 0 ? 'Run: gt rig add <name> <git-url>' : 'Add --rig <name>',
  });
}

/** Formulas as that rig sees them, or as the town does. */
export async function kitchenFor(town: TownContext, rig: string | undefined): Promise<Kitchen> {
  return townKitchen(town, rig === undefined ? undefined : (await rigNamed(town, rig)).name);
}

export function namedRig(town: TownContext, input: CommandInput): string | undefined {
  return input.flag('rig') ?? ('rig' in town.actor ? town.actor.rig : undefined);
}
