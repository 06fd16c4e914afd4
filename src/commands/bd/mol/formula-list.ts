import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { listFormulas, type FoundFormula } from '../../../formulas/library.ts';
import { countSteps } from '../../../formulas/steps.ts';
import { renderFormulas, shortDescription } from '../../../ui/text/formulas.ts';
import { openKitchen } from './kitchen.ts';

export const schema = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    description: z.string(),
    source: z.string(),
    steps: z.number(),
    vars: z.number(),
  }),
);

const SHORT = 60;

/** Every formula that can be cooked here. A file that cannot be read is a warning. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { found, warnings } = await listFormulas(await openKitchen(app, input));
  const type = input.flag('type');
  const wanted = found.filter(({ formula }) => type === undefined || formula.type === type);
  return {
    data: formulaRows(wanted),
    text: () =>
      renderFormulas(
        wanted.map(({ formula, folder }) => ({ formula, from: folder.kind })),
        app.output,
      ),
    warnings,
  };
}

/** As `--json` of a list says it. */
export function formulaRows(found: readonly FoundFormula[]): z.infer<typeof schema> {
  return found.map(({ formula }) => {
    const text = shortDescription(formula);
    return {
      name: formula.formula,
      type: formula.type,
      description: text.length > SHORT ? `${text.slice(0, SHORT - 3)}...` : text,
      source: formula.source,
      steps: countSteps(formula),
      vars: Object.keys(formula.vars).length,
    };
  });
}
