import { cook, type Cooked } from '../../../src/formulas/cook.ts';
import type { StepOverride } from '../../../src/formulas/overlay.ts';
import { parseFormula } from '../../../src/formulas/parse.ts';
import type { Values } from '../../../src/formulas/variables.ts';

/** Cooks the first of these formula texts; the others are what it may name. */
export function cookTexts(
  texts: readonly string[],
  values?: Values,
  overlay?: readonly StepOverride[],
): Cooked {
  const formulas = texts.map((text, at) => parseFormula(text, `/f/${at}.formula.toml`).formula);
  return cook({
    name: formulas[0]?.formula ?? '',
    set: new Map(formulas.map((formula) => [formula.formula, formula])),
    ...(values === undefined ? {} : { values }),
    ...(overlay === undefined ? {} : { overlay }),
  });
}

/** `id <- need need` of every step, children indented. */
export function graph({ steps }: Pick<Cooked, 'steps'>, indent = ''): readonly string[] {
  return steps.flatMap((step) => [
    `${indent}${step.id}${step.needs.length === 0 ? '' : ` <- ${step.needs.join(' ')}`}`,
    ...graph({ steps: step.children }, `${indent}  `),
  ]);
}

/** A step of a TOML text. */
export function step(id: string, more = ''): string {
  return `[[steps]]\nid = "${id}"\ntitle = "${id}"\n${more}\n`;
}
