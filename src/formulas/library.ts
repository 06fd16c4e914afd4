import { dirname, join, resolve } from 'node:path';
import { NotFoundError, UsageError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import type { Files } from '../ports/files.ts';
import { ownFolder } from '../town/own-folder.ts';
import type { FormulaSet } from './expand.ts';
import type { Formula } from './formula.ts';
import { flatten } from './steps.ts';
import { parseFormula, type ParsedFormula } from './parse.ts';

/** Without the ending, which would make it a path. */
const NAME = /^(?!.*\.formula\.(?:toml|json)$)[\w.-]+$/;
const FORMULA_ENDINGS = ['.formula.toml', '.formula.json'] as const;

/** A folder of formulas; earlier ones hide those of the same name in later ones. */
export interface FormulaFolder {
  readonly kind: 'project' | 'town' | 'user' | 'embedded';
  readonly path: string;
}

/** Where formulas are looked for, best first. */
export function formulaFolders(places: {
  /** `.beads` folders of the project, best first. */
  readonly projects: readonly string[];
  readonly townRoot?: string | undefined;
  readonly home?: string | undefined;
  /** argv that starts this program; what ships lies beside it. */
  readonly gtArgv: readonly string[];
}): readonly FormulaFolder[] {
  const { projects, townRoot, home, gtArgv } = places;
  const below = (kind: FormulaFolder['kind'], root: string | undefined) =>
    root === undefined || root === '' ? [] : [{ kind, path: join(root, '.beads/formulas') }];
  const folders: readonly FormulaFolder[] = [
    ...projects.map((dir) => ({ kind: 'project' as const, path: join(dir, 'formulas') })),
    ...below('town', townRoot),
    ...below('user', home),
    { kind: 'embedded', path: join(ownFolder(gtArgv), 'formulas') },
  ];
  return [
    ...new Map(folders.toReversed().map((folder) => [folder.path, folder] as const)).values(),
  ].toReversed();
}

export interface LibraryOptions {
  readonly files: Files;
  readonly folders: readonly FormulaFolder[];
  /** What a relative path of a formula file starts from. */
  readonly cwd?: string;
}

export interface FoundFormula extends ParsedFormula {
  readonly folder: FormulaFolder;
}

/** The formula of this name, or the file of this path. Throws NotFoundError `formula.not-found`, UsageError `formula.bad`. */
export async function findFormula(options: LibraryOptions, name: string): Promise<FoundFormula> {
  for (const place of placesOf(options, name)) {
    const text = await options.files.readText(place.path);
    if (text !== undefined) return { ...parseFormula(text, place.path), folder: place.folder };
  }
  throw notFound(name, await listFormulaNames(options));
}

/** What a formula names: never a path, for it may come from anybody. */
function findNamed(options: LibraryOptions, name: string): Promise<FoundFormula> {
  if (NAME.test(name)) return findFormula(options, name);
  throw new UsageError({
    code: 'formula.bad',
    message: `${JSON.stringify(name.slice(0, 80))} cannot name a formula`,
    hint: 'A formula names others by name, not by path',
  });
}

/** Whether there is a formula of this name; its content is not looked at. */
export async function hasFormula(options: LibraryOptions, name: string): Promise<boolean> {
  for (const { path } of placesOf(options, name)) {
    if ((await options.files.stat(path))?.kind === 'file') return true;
  }
  return false;
}

/** Files that may hold it, best first: a file itself when the name is a path of one, else that name in each folder. */
function placesOf(
  { folders, cwd }: LibraryOptions,
  name: string,
): readonly { path: string; folder: FormulaFolder }[] {
  if (FORMULA_ENDINGS.some((ending) => name.endsWith(ending))) {
    const path = resolve(cwd ?? '/', name);
    return [{ path, folder: { kind: 'project', path: dirname(path) } }];
  }
  if (!NAME.test(name)) return [];
  return folders.flatMap((folder) =>
    FORMULA_ENDINGS.map((ending) => ({ path: join(folder.path, name + ending), folder })),
  );
}

function notFound(name: string, known: readonly string[]): NotFoundError {
  const near = nearestOf(name, known);
  return new NotFoundError({
    code: 'formula.not-found',
    message: `there is no formula ${JSON.stringify(name.slice(0, 80))}`,
    hint: near === undefined ? 'Run: bd formula list' : `Did you mean ${near}?`,
  });
}

/** The formula with all others it names (extends, expansions, aspects), for `cook`. */
export async function loadFormulas(
  options: LibraryOptions,
  name: string,
): Promise<{ readonly name: string; readonly set: FormulaSet; readonly warnings: readonly string[] }> {
  const root = await findFormula(options, name);
  const set = new Map<string, Formula>([[root.formula.formula, root.formula]]);
  const warnings = [...root.warnings];
  let wanted = namesIn(root.formula);
  while (wanted.length > 0) {
    const found = await Promise.all(wanted.map((next) => findNamed(options, next)));
    for (const [at, one] of found.entries()) {
      set.set(wanted[at] ?? one.formula.formula, one.formula);
      warnings.push(...one.warnings);
    }
    wanted = found.flatMap((one) => namesIn(one.formula)).filter((next) => !set.has(next));
  }
  return { name: root.formula.formula, set, warnings };
}

function namesIn(formula: Formula): readonly string[] {
  const { compose } = formula;
  const names = [
    ...formula.extends,
    ...[...flatten(formula.steps), ...flatten(formula.template)].flatMap((step) => [
      ...(step.expand === undefined ? [] : [step.expand]),
      ...flatten(step.loop?.body ?? []).flatMap((inner) => inner.expand ?? []),
    ]),
    ...(compose?.expand ?? []).map((rule) => rule.with),
    ...(compose?.map ?? []).map((rule) => rule.with),
    ...(compose?.aspects ?? []),
  ];
  return [...new Set(names)].filter((name) => name !== formula.formula);
}

export interface ListedFormulas {
  readonly found: readonly FoundFormula[];
  /** One line for each file that cannot be read. */
  readonly warnings: readonly string[];
}

/** Every formula by name, hidden ones left out. */
export async function listFormulas(options: LibraryOptions): Promise<ListedFormulas> {
  const found: FoundFormula[] = [];
  const warnings: string[] = [];
  for (const name of await listFormulaNames(options)) {
    try {
      found.push(await findFormula(options, name));
    } catch (error) {
      warnings.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { found, warnings };
}

/** Their names, by the alphabet: reads the folders, not the files. */
export async function listFormulaNames({ files, folders }: LibraryOptions): Promise<readonly string[]> {
  const lists = await Promise.all(folders.map((folder) => files.list(folder.path)));
  const names = lists.flatMap((entries) =>
    (entries ?? []).flatMap((entry) => {
      const ending = FORMULA_ENDINGS.find((end) => entry.name.endsWith(end));
      return ending === undefined || entry.kind === 'dir' ? [] : [entry.name.slice(0, -ending.length)];
    }),
  );
  return [...new Set(names)].toSorted();
}
