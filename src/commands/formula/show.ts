import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { cookFormula } from '../../formulas/kitchen.ts';
import { findFormula } from '../../formulas/library.ts';
import { formulaReply } from '../bd/mol/formulas.ts';
import { kitchenFor, namedRig } from './place.ts';

export { formulaSchema as schema } from '../bd/mol/formulas.ts';

/** One formula: its own keys, with the steps it comes to here (parents merged in, overlay applied). */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const kitchen = await kitchenFor(town, namedRig(town, input));
  const name = input.arg('name');
  const found = await findFormula(kitchen, name);
  const { type, convoy } = found.formula;
  // An aspect, an expansion and a convoy have no steps of their own: they are shown as written.
  if (type !== 'workflow' || convoy !== undefined) {
    return { ...formulaReply(app, found.formula), warnings: found.warnings };
  }
  const cooked = await cookFormula(kitchen, { name });
  return {
    ...formulaReply(app, { ...cooked.formula, steps: cooked.steps }),
    warnings: cooked.warnings,
  };
}
