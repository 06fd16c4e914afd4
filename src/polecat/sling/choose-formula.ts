import type { TownContext } from '../../beads/context.ts';
import { townKitchen } from '../../formulas/kitchen.ts';
import { hasFormula } from '../../formulas/library.ts';
import type { Kitchen } from '../../formulas/kitchen.ts';
import type { RigProperties } from '../../rig/properties.ts';
import type { Rig } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';

/** What a polecat follows when nobody said anything. */
const USUAL = 'mol-polecat-work';
/** As a setting: the bead itself is hooked, its worker gets the built-in checklist. */
const NONE = 'none';

/** The formula that workers of a rig follow by default: its property, its settings, ours; undefined = none. */
export async function defaultFormula(
  ctx: TownContext,
  rig: Rig,
  properties: RigProperties | undefined,
): Promise<string | undefined> {
  const own = properties?.get('default_formula');
  const name = own ?? (await readRigSettings(ctx, rig)).get('workflow.default_formula') ?? USUAL;
  return name === NONE ? undefined : name;
}

/** The formula people mean by a word: `work` may be short for `mol-work`. undefined = there is none. */
export async function formulaCalled(
  ctx: TownContext,
  rig: Rig | undefined,
  word: string,
): Promise<string | undefined> {
  const kitchen: Kitchen = townKitchen(ctx, rig?.name);
  for (const name of [word, `mol-${word}`]) if (await hasFormula(kitchen, name)) return name;
  return undefined;
}
