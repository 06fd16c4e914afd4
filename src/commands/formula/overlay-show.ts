import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { cookFormula, readOverlay } from '../../formulas/kitchen.ts';
import { kitchenFor, namedRig } from './place.ts';

export const schema = z.object({
  formula: z.string(),
  path: z.optional(z.string()),
  overrides: z.array(z.object({ step_id: z.string(), mode: z.string(), description: z.string() })),
});

/** The overlay in force, the rig's before the town's; one that names no step is a warning. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const kitchen = await kitchenFor(town, namedRig(town, input));
  const { formula, warnings } = await cookFormula(kitchen, { name: input.arg('name') });
  const overlay = await readOverlay(kitchen.files, kitchen.overlays(formula.formula));
  const overrides = overlay?.overrides ?? [];
  return {
    data: {
      formula: formula.formula,
      ...(overlay === undefined ? {} : { path: overlay.path }),
      overrides: [...overrides],
    },
    text:
      overlay === undefined
        ? `${formula.formula} has no overlay. Make one: gt formula overlay edit ${formula.formula}`
        : [
            overlay.path,
            ...overrides.map((each) => `${each.mode} ${each.step_id}\n${each.description}`),
          ].join('\n'),
    warnings,
  };
}
