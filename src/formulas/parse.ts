import { UsageError } from '../core/errors.ts';
import type { Formula, FormulaType } from './formula.ts';
import { lineOf } from './line-of.ts';
import { formulaFile, type FormulaFile } from './schema.ts';
import { readDocument } from './document.ts';

export interface ParsedFormula {
  readonly formula: Formula;
  /** One line each: keys that nothing reads. */
  readonly warnings: readonly string[];
}

type Path = readonly PropertyKey[];
type Found = NonNullable<ReturnType<typeof formulaFile.safeParse>['error']>['issues'][number];

/** A formula from the text of its file. Throws UsageError `formula.bad` naming file, line and key. */
export function parseFormula(text: string, source: string): ParsedFormula {
  const document = readDocument(text, source);
  const first = formulaFile.safeParse(document, { reportInput: true });
  if (first.success) return { formula: toFormula(first.data, source), warnings: [] };
  const strange = first.error.issues.flatMap(unknownKeys);
  const second = formulaFile.safeParse(without(document, strange), { reportInput: true });
  if (!second.success) throw badFormula(text, source, second.error.issues);
  return {
    formula: toFormula(second.data, source),
    warnings: strange.map((path) => `${place(text, source, path)}: nothing reads ${keyText(path)}`),
  };
}

export function badFormulaError(where: string, what: string): UsageError {
  return new UsageError({
    code: 'formula.bad',
    message: `${where}: ${what}`,
    hint: 'Correct the file, then: bd formula show <name>',
  });
}

function badFormula(text: string, source: string, issues: readonly Found[]): UsageError {
  const [first] = issues.flatMap(deepest);
  const path = first?.path ?? [];
  const key = path.length === 0 ? '' : `${keyText(path)}: `;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return badFormulaError(place(text, source, path), `${key}${describe(first)}${more}`);
}

/** What a union of shapes complains about: the shape that got furthest. */
function deepest(issue: Found): readonly Found[] {
  if (issue.code !== 'invalid_union') return [issue];
  const shapes = issue.errors.flatMap((shape) =>
    shape.filter((inner) => inner.code !== 'invalid_type' || inner.path.length > 0),
  );
  const [inner] = shapes;
  return inner === undefined ? [issue] : deepest({ ...inner, path: [...issue.path, ...inner.path] });
}

function describe(issue: Found | undefined): string {
  if (issue?.code === 'invalid_type') {
    return issue.input === undefined ? `it is missing` : `it must be ${article(issue.expected)}`;
  }
  if (issue?.code === 'invalid_value') return `it must be one of ${issue.values.join(', ')}`;
  if (issue?.code === 'invalid_union') return 'it must be a text or a table';
  return issue?.message ?? 'it cannot be read';
}

function article(kind: string): string {
  const word = {
    array: 'list',
    record: 'table',
    object: 'table',
    int: 'whole number',
    boolean: 'true or false',
  }[kind];
  return word === 'true or false' ? word : `a ${word ?? (kind === 'string' ? 'text' : kind)}`;
}

function place(text: string, source: string, path: Path): string {
  const line = source.endsWith('.json') ? undefined : lineOf(text, path);
  return line === undefined ? source : `${source}:${line}`;
}

/** `steps[2].title` */
function keyText(path: Path): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function unknownKeys(issue: Found): readonly Path[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key]);
  if (issue.code !== 'invalid_union') return [];
  return issue.errors
    .flat()
    .flatMap((inner) => unknownKeys({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** The document without the values at these paths. */
function without(document: unknown, paths: readonly Path[]): unknown {
  const copy: unknown = structuredClone(document);
  for (const path of paths) {
    let parent: unknown = copy;
    for (const key of path.slice(0, -1)) parent = childOf(parent, key);
    const last = path.at(-1);
    if (typeof parent === 'object' && parent !== null && last !== undefined)
      Reflect.deleteProperty(parent, last);
  }
  return copy;
}

function childOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function toFormula(file: FormulaFile, source: string): Formula {
  const { inputs, prompts, output, legs, synthesis, presets, ...rest } = file;
  const type = file.type ?? typeOf(file, source);
  return {
    ...rest,
    description: file.description ?? '',
    version: file.version ?? 1,
    type,
    extends: file.extends ?? [],
    vars: file.vars ?? {},
    steps: file.steps ?? [],
    template: file.template ?? [],
    advice: file.advice ?? [],
    pointcuts: file.pointcuts ?? [],
    source,
    ...(type === 'convoy'
      ? {
          convoy: {
            inputs: inputs ?? {},
            prompts: prompts ?? {},
            output: output ?? {},
            legs: legs ?? [],
            synthesis,
            presets: presets ?? {},
          },
        }
      : {}),
  };
}

function typeOf(file: FormulaFile, source: string): FormulaType {
  if (file.legs !== undefined) return 'convoy';
  if (file.steps !== undefined || file.extends !== undefined) return 'workflow';
  if (file.template !== undefined) return 'expansion';
  if (file.advice !== undefined || file.pointcuts !== undefined) return 'aspect';
  throw badFormulaError(source, 'it has no steps, legs, template or advice');
}

/** What cannot be cooked, in the words of the file it came from. */
export function cannotCook(formula: Formula, what: string): UsageError {
  return badFormulaError(formula.source, what);
}
