import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formulaJson } from '../../formulas/formula-json.ts';
import { cookFormula } from '../../formulas/kitchen.ts';
import { findFormula } from '../../formulas/library.ts';
import { renderFormula } from '../../ui/text/formulas.ts';
import { kitchenFor, namedRig } from './place.ts';

export { schema } from '../bd/mol/formula-show.ts';

/** One formula: its own keys, with the steps it comes to here (parents merged in, overlay applied). */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const kitchen = await kitchenFor(town, namedRig(town, input));
  const name = input.arg('name');
  const found = await findFormula(kitchen, name);
  const { type, convoy } = found.formula;
  // An aspect, an expansion and a convoy have no steps of their own: they are shown as written.
  if (type !== 'workflow' || convoy !== undefined) {
    const { formula, warnings } = found;
    return { data: formulaJson(formula), text: renderFormula(formula, app.output.style), warnings };
  }
  const cooked = await cookFormula(kitchen, { name });
  const formula = { ...cooked.formula, steps: cooked.steps };
  return {
    data: formulaJson(formula),
    text: renderFormula(formula, app.output.style),
    warnings: cooked.warnings,
  };
}
