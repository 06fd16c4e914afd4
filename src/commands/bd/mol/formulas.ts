import * as z from 'zod/mini';
import type { CommandReply, CommandModule } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { formulaJson } from '../../../formulas/formula-json.ts';
import type { Formula } from '../../../formulas/formula.ts';
import { cookFormula } from '../../../formulas/kitchen.ts';
import { listFormulas, findFormula, type FoundFormula } from '../../../formulas/library.ts';
import { countSteps, flatten } from '../../../formulas/steps.ts';
import { renderFormulas, shortDescription, renderFormula } from '../../../ui/text/formulas.ts';
import { openKitchen, readValues } from './kitchen.ts';

const SHORT = 60;

export const formulasSchema = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    description: z.string(),
    source: z.string(),
    steps: z.number(),
    vars: z.number(),
  }),
);

/** Every formula that can be cooked here. A file that cannot be read is a warning. */
export const list: CommandModule = {
  schema: formulasSchema,
  async run(app, input) {
    const { found, warnings } = await listFormulas(await openKitchen(app, input));
    const type = input.flag('type');
    const wanted = found.filter(({ formula }) => type === undefined || formula.type === type);
    return { ...formulasReply(app, wanted), warnings };
  },
};

export function formulasReply({ output }: AppContext, found: readonly FoundFormula[]): CommandReply {
  return {
    data: found.map(formulaRow),
    text: () =>
      renderFormulas(
        found.map(({ formula, folder }) => ({ formula, from: folder.kind })),
        output,
      ),
  };
}

function formulaRow({ formula }: FoundFormula): z.infer<typeof formulasSchema>[number] {
  const text = shortDescription(formula);
  return {
    name: formula.formula,
    type: formula.type,
    description: text.length > SHORT ? `${text.slice(0, SHORT - 3)}...` : text,
    source: formula.source,
    steps: countSteps(formula),
    vars: Object.keys(formula.vars).length,
  };
}

export const formulaSchema = z.looseObject({ formula: z.string(), version: z.number(), type: z.string() });

/** One formula as its file says it. */
export const show: CommandModule = {
  schema: formulaSchema,
  async run(app, input) {
    const { formula, warnings } = await findFormula(await openKitchen(app, input), input.arg('name'));
    return { ...formulaReply(app, formula), warnings };
  },
};

export function formulaReply({ output }: AppContext, formula: Formula): CommandReply {
  return { data: formulaJson(formula), text: renderFormula(formula, output.style) };
}

/** Whether a formula is there and can be cooked. */
export const seed: CommandModule = {
  schema: z.object({
    status: z.literal('ok'),
    formula: z.string(),
    path: z.string(),
    steps: z.number(),
  }),
  async run(app, input) {
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
  },
};
