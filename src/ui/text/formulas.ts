import { counted, oneLine, printable } from '../../core/text.ts';
import { FORMULA_TYPES, type Formula, type Step } from '../../formulas/formula.ts';
import { countSteps } from '../../formulas/steps.ts';
import type { Canvas } from './beads.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import { treeLines } from './tree-lines.ts';

export interface ListedFormula {
  readonly formula: Formula;
  /** project, town, user or embedded. */
  readonly from: string;
}

/** First sentence or line: what a list has room for. */
export function shortDescription(formula: Formula): string {
  return oneLine(formula.description.trim().split('\n')[0] ?? '', Infinity);
}

/** One table per type. */
export function renderFormulas(listed: readonly ListedFormula[], canvas: Canvas): string {
  const tables = FORMULA_TYPES.flatMap((type) => {
    const own = listed.filter(({ formula }) => formula.type === type);
    if (own.length === 0) return [];
    const table = renderTable(
      [
        { title: 'Name', value: ({ formula }: ListedFormula) => formula.formula },
        { title: 'Steps', value: ({ formula }) => String(sizeOf(formula)), align: 'right' },
        { title: 'From', value: ({ from }) => from },
        { title: 'What it does', value: ({ formula }) => shortDescription(formula), flexible: true },
      ],
      own,
      canvas,
    );
    return [`${canvas.style.bold(`${type[0]?.toUpperCase()}${type.slice(1)}`)}\n${table}`];
  });
  if (tables.length === 0) return 'No formulas found.';
  return [...tables, `${counted(listed.length, 'formula')}. Show one: bd formula show <name>`].join('\n\n');
}

function sizeOf(formula: Formula): number {
  return countSteps(formula) + formula.template.length;
}

/** Everything about one formula, or about what it cooked to. */
export function renderFormula(formula: Formula, paint: Paint): string {
  const parts = [
    `${paint.bold(formula.formula)}  ${formula.type}${formula.phase === undefined ? '' : `, ${formula.phase}`}`,
    printable(formula.description.trim()),
    paint.dim(formula.source),
    ...(formula.extends.length === 0 ? [] : [`Extends: ${formula.extends.join(', ')}`]),
    section(
      paint,
      'Variables',
      Object.entries(formula.vars).map(([name, def]) => varLine(name, def)),
    ),
    section(
      paint,
      'Inputs',
      Object.entries(formula.convoy?.inputs ?? {}).map(([name, def]) => varLine(name, def)),
    ),
    section(paint, 'Steps', stepLines(formula.steps)),
    section(paint, 'Template', stepLines(formula.template)),
    section(
      paint,
      'Legs',
      (formula.convoy?.legs ?? []).map((leg) => `  ${leg.id}: ${oneLine(leg.title)}`),
    ),
    section(
      paint,
      'Presets',
      Object.entries(formula.convoy?.presets ?? {}).map(
        ([name, preset]) => `  ${name}: ${preset.legs.join(', ')}`,
      ),
    ),
    section(paint, 'Advice', formula.advice.map(adviceLine)),
    section(paint, 'Composition', composeLines(formula)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function section(paint: Paint, title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [paint.bold(title), ...lines].join('\n');
}

function varLine(
  name: string,
  def: {
    readonly description?: string | undefined;
    readonly required?: boolean | undefined;
    readonly default?: string | undefined;
    readonly enum?: readonly string[] | undefined;
    readonly pattern?: string | undefined;
  },
): string {
  const facts = [
    ...(def.required === true ? ['required'] : []),
    ...(def.default === undefined ? [] : [`default ${JSON.stringify(def.default)}`]),
    ...(def.enum === undefined ? [] : [`one of ${def.enum.join(', ')}`]),
    ...(def.pattern === undefined ? [] : [`like ${def.pattern}`]),
  ];
  const text = oneLine(def.description ?? '');
  return `  ${name}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}${text === '' ? '' : `  ${text}`}`;
}

/** The steps as a tree, with what each needs. */
function stepLines(steps: readonly Step[]): readonly string[] {
  const nodes = (own: readonly Step[], depth: number): { readonly item: Step; readonly depth: number }[] =>
    own.flatMap((item) => [
      { item, depth },
      ...nodes([...item.children, ...(item.loop?.body ?? [])], depth + 1),
    ]);
  return treeLines(nodes(steps, 0)).map(({ item, prefix }) => {
    const facts = [
      ...(item.needs.length === 0 ? [] : [`needs ${item.needs.join(', ')}`]),
      ...(item.waits_for === undefined ? [] : [`waits for ${item.waits_for}`]),
      ...(item.condition === undefined ? [] : [`if ${item.condition}`]),
      ...(item.gate === undefined ? [] : [`gate ${item.gate.type}`]),
      ...(item.expand === undefined ? [] : [`expands to ${item.expand}`]),
      ...(item.loop === undefined ? [] : [loopText(item.loop)]),
    ];
    return `  ${prefix}${item.id}: ${oneLine(item.title)}${facts.length === 0 ? '' : `  [${facts.join('; ')}]`}`;
  });
}

function loopText(loop: NonNullable<Step['loop']>): string {
  if (loop.until !== undefined) return `until ${loop.until}, at most ${loop.max} times`;
  return loop.range === undefined ? `${loop.count} times` : `for ${loop.var ?? 'each'} in ${loop.range}`;
}

function adviceLine(rule: Formula['advice'][number]): string {
  const before = rule.before.map((step) => `before: ${step.id}`);
  const after = rule.after.map((step) => `after: ${step.id}`);
  return `  ${rule.target ?? 'pointcuts'}  ${[...before, ...after].join(', ')}`;
}

function composeLines({ compose, pointcuts }: Formula): readonly string[] {
  return [
    ...(compose?.expand ?? []).map((rule) => `  ${rule.target} expands to ${rule.with}`),
    ...(compose?.map ?? []).map((rule) => `  every ${rule.select} expands to ${rule.with}`),
    ...(compose?.branch ?? []).map(
      (rule) => `  ${rule.from} forks to ${rule.steps.join(', ')}, joined by ${rule.join}`,
    ),
    ...(compose?.gate ?? []).map((rule) => `  ${rule.before} waits until ${rule.condition}`),
    ...(compose?.aspects ?? []).map((name) => `  aspect ${name}`),
    ...(compose?.bond_points ?? []).map((point) => `  bond point ${point.id}`),
    ...pointcuts.map((cut) => `  pointcut ${cut.glob ?? cut.type ?? cut.label ?? ''}`),
  ];
}
