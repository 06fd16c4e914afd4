import { UsageError } from '../core/errors.ts';
import { linearPattern } from '../core/linear-pattern.ts';
import type { Formula, VarDef } from './formula.ts';

export type Values = Readonly<Record<string, string>>;

const PLACE = /\{\{([A-Za-z_]\w*)\}\}/g;

/** Puts values in for `{{name}}` once: what a value contains is never read as a place. Unknown names stay. */
export function fillPlaces(text: string, values: Values): string {
  return text.replaceAll(PLACE, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? place) : place,
  );
}

/** Names that the texts ask for, in order, each once. */
export function placesIn(texts: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const text of texts)
    for (const [, name] of text.matchAll(PLACE)) if (name !== undefined) found.add(name);
  return [...found];
}

export function defaultsOf(formula: Pick<Formula, 'vars'>): Values {
  return Object.fromEntries(
    Object.entries(formula.vars).flatMap(([name, def]) =>
      def.default === undefined ? [] : [[name, def.default] as const],
    ),
  );
}

/**
 * The given values over the defaults, checked. A variable without default is demanded when it is required or when
 * a text asks for it (`used`). Throws UsageError `formula.missing-var`, `formula.bad-var`.
 */
export function resolveValues(
  formula: Pick<Formula, 'formula' | 'vars'>,
  given: Values,
  used: readonly string[],
): Values {
  const values = { ...defaultsOf(formula), ...given };
  const defs = Object.entries(formula.vars);
  const missing = defs
    .filter(([name, def]) => values[name] === undefined && (def.required === true || used.includes(name)))
    .map(([name]) => name);
  if (missing.length > 0) {
    throw new UsageError({
      code: 'formula.missing-var',
      message: `${formula.formula} needs ${missing.length === 1 ? 'a value' : 'values'} for: ${missing.join(', ')}`,
      hint: `Add ${missing.map((name) => `--var ${name}=<value>`).join(' ')}`,
    });
  }
  for (const [name, def] of defs) {
    const value = values[name];
    const why = value === undefined ? undefined : whyNot(def, value);
    if (why !== undefined) {
      throw new UsageError({
        code: 'formula.bad-var',
        message: `${formula.formula}: ${name} cannot be ${JSON.stringify(value?.slice(0, 60))}: ${why}`,
        ...(def.description === undefined ? {} : { hint: `${name}: ${def.description}` }),
      });
    }
  }
  return values;
}

/** Why a value does not fit; '' stands for "not set" unless the variable is required. */
function whyNot(def: VarDef, value: string): string | undefined {
  if (value === '') return def.required === true ? 'it is required' : undefined;
  if (def.enum !== undefined && !def.enum.includes(value)) return `it must be one of ${def.enum.join(', ')}`;
  if (def.pattern !== undefined && !linearPattern(def.pattern).test(value))
    return `it must match ${def.pattern}`;
  if (def.type === 'int' && !/^[+-]?\d+$/.test(value)) return 'it must be a whole number';
  if (def.type === 'bool' && !/^(?:true|false|1|0|yes|no|on|off)$/i.test(value))
    return 'it must be true or false';
  return undefined;
}
