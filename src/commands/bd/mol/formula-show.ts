import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { formulaJson } from '../../../formulas/formula-json.ts';
import { findFormula } from '../../../formulas/library.ts';
import { renderFormula } from '../../../ui/text/formulas.ts';
import { openKitchen } from './kitchen.ts';

export const schema = z.looseObject({ formula: z.string(), version: z.number(), type: z.string() });

/** One formula as its file says it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { formula, warnings } = await findFormula(await openKitchen(app, input), input.arg('name'));
  return { data: formulaJson(formula), text: renderFormula(formula, app.output.style), warnings };
}
