import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { cookFormula } from '../../../formulas/kitchen.ts';
import { flatten } from '../../../formulas/steps.ts';
import { openKitchen, readValues } from './kitchen.ts';

export const schema = z.object({
  status: z.literal('ok'),
  formula: z.string(),
  path: z.string(),
  steps: z.number(),
});

/** Whether a formula is there and can be cooked. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const values = readValues(input);
  const { formula, steps, warnings } = await cookFormula(await openKitchen(app, input), {
    name: input.arg('formula'),
    ...(Object.keys(values).length === 0 ? {} : { values }),
  });
  const count = flatten(steps).length;
  return {
    data: { status: 'ok', formula: formula.formula, path: formula.source, steps: count },
    text: `${formula.formula} can be cooked: ${count} steps from ${formula.source}`,
    warnings,
  };
}
