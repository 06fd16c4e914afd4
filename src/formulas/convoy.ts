import { UsageError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import type { ConvoyPart, Formula, Leg, Step } from './formula.ts';
import { fillTemplate, type TemplateData } from './go-template.ts';
import { cannotCook } from './parse.ts';
import type { Values } from './variables.ts';

export interface ConvoyRequest {
  readonly inputs: Values;
  readonly preset?: string;
  /** Names this run; part of file names. */
  readonly reviewId: string;
  /** More fields for the templates: `changed_files`, `pr_title` … */
  readonly fields?: TemplateData;
  /** Agent for legs that name none. */
  readonly agent?: string;
}

/** What a convoy formula asks for, texts filled in. */
export interface ConvoyPlan {
  readonly title: string;
  readonly description: string;
  readonly outputDirectory: string;
  readonly legs: readonly PlannedLeg[];
  readonly synthesis:
    | { readonly title: string; readonly description: string; readonly dependsOn: readonly string[] }
    | undefined;
}

export interface PlannedLeg {
  readonly id: string;
  readonly title: string;
  /** The base prompt for this leg, else its own description. */
  readonly description: string;
  /** The leg's, else the caller's, else the formula's. */
  readonly agent: string | undefined;
  readonly reviewOnly: boolean;
  readonly outputPath: string;
}

/** Plans one run. Throws UsageError `formula.missing-input`, `formula.unknown-preset`. Pure. */
export function planConvoy(formula: Formula, request: ConvoyRequest): ConvoyPlan {
  const convoy = formula.convoy;
  if (convoy === undefined) throw cannotCook(formula, `it is a ${formula.type}, not a convoy`);
  const inputs = readInputs(formula, convoy, request.inputs);
  const base = fields(formula, request, inputs);
  const directory = fillTemplate(convoy.output.directory ?? '', base);
  const synthesisFile = fillTemplate(convoy.output.synthesis ?? '', base);
  const data: TemplateData = { ...base, output: { directory, synthesis: synthesisFile } };
  const legs = chosenLegs(formula, convoy, request.preset);
  const ids = new Set(legs.map((leg) => leg.id));
  return {
    title: formula.formula,
    description: fillTemplate(formula.description, data),
    outputDirectory: directory,
    legs: legs.map((leg) => planLeg({ formula, convoy, request, data, directory }, leg)),
    synthesis:
      convoy.synthesis === undefined
        ? undefined
        : {
            title: fillTemplate(convoy.synthesis.title ?? 'Synthesis', data),
            description: fillTemplate(convoy.synthesis.description ?? '', data),
            dependsOn: (convoy.synthesis.depends_on ?? [...ids]).filter((id) => ids.has(id)),
          },
  };
}

interface Planning {
  readonly formula: Formula;
  readonly convoy: ConvoyPart;
  readonly request: ConvoyRequest;
  readonly data: TemplateData;
  /** Of the output. */
  readonly directory: string;
}

function planLeg({ formula, convoy, request, data, directory }: Planning, leg: Leg): PlannedLeg {
  const own: TemplateData = { id: leg.id, title: leg.title, focus: leg.focus ?? '' };
  const bare = { ...data, leg: own };
  const file = fillTemplate(convoy.output.leg_pattern ?? '', bare);
  const outputPath = file === '' ? '' : [directory, file].filter((part) => part !== '').join('/');
  const description = fillTemplate(leg.description ?? '', { ...bare, output_path: outputPath });
  const prompt = convoy.prompts['base'];
  return {
    id: leg.id,
    title: fillTemplate(leg.title, bare),
    description:
      prompt === undefined
        ? description
        : fillTemplate(prompt, { ...data, leg: { ...own, description }, output_path: outputPath }).trim(),
    agent: leg.agent ?? request.agent ?? formula.agent,
    reviewOnly: leg.review_only ?? formula.review_only ?? false,
    outputPath,
  };
}

function fields(formula: Formula, request: ConvoyRequest, inputs: Values): TemplateData {
  return {
    ...inputs,
    ...(inputs['pr'] === undefined ? {} : { pr_number: inputs['pr'] }),
    ...(inputs['files'] === undefined
      ? {}
      : { files: inputs['files'].split(/[,\s]+/).filter((file) => file !== '') }),
    formula_name: formula.formula,
    review_id: request.reviewId,
    design_id: request.reviewId,
    target_description:
      inputs['pr'] === undefined ? (inputs['branch'] ?? inputs['files'] ?? '') : `PR #${inputs['pr']}`,
    ...request.fields,
  };
}

function readInputs(formula: Formula, convoy: ConvoyPart, given: Values): Values {
  const defaults = Object.entries(convoy.inputs).flatMap(([name, input]) =>
    input.default === undefined ? [] : [[name, input.default] as const],
  );
  const values: Values = { ...Object.fromEntries(defaults), ...given };
  const isGiven = (name: string) => (values[name] ?? '') !== '';
  const missing = Object.entries(convoy.inputs).find(
    ([name, input]) =>
      !isGiven(name) &&
      (input.required === true ||
        (input.required_unless !== undefined && !input.required_unless.some(isGiven))),
  );
  if (missing === undefined) return values;
  const [name, input] = missing;
  const others = (input.required_unless ?? []).map((other) => ` or ${other}`).join('');
  throw new UsageError({
    code: 'formula.missing-input',
    message: `${formula.formula} needs ${name}${others}`,
    hint: `Add --set ${name}=<value>${input.description === undefined ? '' : ` (${input.description})`}`,
  });
}

function chosenLegs(formula: Formula, convoy: ConvoyPart, preset: string | undefined): readonly Leg[] {
  if (preset === undefined) return convoy.legs;
  const wanted = convoy.presets[preset]?.legs;
  if (wanted === undefined) {
    const names = Object.keys(convoy.presets);
    const near = nearestOf(preset, names);
    throw new UsageError({
      code: 'formula.unknown-preset',
      message: `${formula.formula} has no preset ${JSON.stringify(preset.slice(0, 40))}`,
      hint: near === undefined ? `Presets: ${names.join(', ') || 'none'}` : `Did you mean ${near}?`,
    });
  }
  const missing = wanted.find((id) => !convoy.legs.some((leg) => leg.id === id));
  if (missing !== undefined)
    throw cannotCook(formula, `preset ${preset} names the leg ${missing}, which is not there`);
  return convoy.legs.filter((leg) => wanted.includes(leg.id));
}

/** A convoy seen as steps: the legs side by side, then the synthesis. Its templates stay as they are. */
export function convoySteps(formula: Formula): readonly Step[] {
  const { legs = [], synthesis } = formula.convoy ?? {};
  const steps = legs.map((leg): Step => ({
    id: leg.id,
    title: leg.title,
    description: leg.description,
    needs: [],
    children: [],
  }));
  if (synthesis === undefined) return steps;
  return [
    ...steps,
    {
      id: 'synthesis',
      title: synthesis.title ?? 'Synthesis',
      description: synthesis.description,
      needs: synthesis.depends_on ?? legs.map((leg) => leg.id),
      children: [],
    },
  ];
}
