import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { findBeadsHome } from '../../../beads/place/home.ts';
import {
  planInstall,
  planRemove,
  stateOf,
  type FileChange,
  type PresentFile,
} from '../../../beads/setup/plan.ts';
import { RECIPES, type Recipe } from '../../../beads/setup/recipes.ts';
import { applyChanges, readPresent, type SetupPlace } from '../../../beads/setup/run.ts';
import { INSTRUCTIONS } from '../../../beads/setup/texts.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError, UsageError } from '../../../core/errors.ts';
import { nearestOf } from '../../../core/nearest.ts';
import { searchOf } from '../open.ts';

const installation = z.object({
  recipe: z.string(),
  installed: z.boolean(),
  files: z.array(z.object({ path: z.string(), state: z.string() })),
});
export const schema = z.union([
  installation,
  z.object({ text: z.string() }),
  z.array(z.object({ name: z.string(), title: z.string(), files: z.array(z.string()) })),
]);

interface Chosen {
  readonly name: string;
  readonly recipe: Recipe;
  readonly place: SetupPlace;
  readonly present: readonly PresentFile[];
}

/** Writes instructions and hooks where an agent looks for them, looks whether they are there, or takes them out. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const name = input.arg('agent').toLowerCase();
  if (input.bool('print')) return { data: { text: INSTRUCTIONS }, text: INSTRUCTIONS };
  if (input.bool('list') || name === '') return listRecipes();
  const recipe = findRecipe(name);
  const files = input.bool('global') ? recipe.global : recipe.files;
  if (files === undefined) {
    throw new UsageError({
      code: 'setup.no-global',
      message: `${recipe.title} has no place for all projects that is known here`,
      hint: `Run: bd setup ${name}   (in each project)`,
    });
  }
  const place = { files: app.machine.files, root: await projectRoot(app, input), env: app.env };
  const chosen = { name, recipe, place, present: await readPresent(place, files) };
  if (input.bool('check')) return check(chosen);
  if (input.bool('remove')) return remove(chosen);
  return install(chosen, await hasBeads(app, input));
}

function findRecipe(name: string): Recipe {
  const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (recipe !== undefined) return recipe;
  const like = nearestOf(name, Object.keys(RECIPES));
  throw new NotFoundError({
    code: 'setup.unknown-agent',
    message: `no agent '${name.slice(0, 40)}' is known here`,
    hint: like === undefined ? 'Run: bd setup --list' : `Did you mean: bd setup ${like}`,
  });
}

/** The git repository around the working folder, else the folder. */
async function projectRoot(app: AppContext, input: CommandInput): Promise<string> {
  const cwd = resolve(app.cwd || '/', input.flag('directory') ?? '');
  for (let folder = cwd; ; folder = dirname(folder)) {
    if ((await app.machine.files.stat(join(folder, '.git'))) !== undefined) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function listRecipes(): CommandReply {
  const entries = Object.entries(RECIPES);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(
    ([name, { title, files }]) =>
      `  ${name.padEnd(width)}  ${title}: ${files.map(({ path }) => path).join(', ')}`,
  );
  return {
    data: entries.map(([name, { title, files }]) => ({ name, title, files: files.map(({ path }) => path) })),
    text: [
      'Agents that bd setup knows:',
      ...lines,
      '',
      'bd setup <agent>            write its files (only between our markers)',
      'bd setup <agent> --check    are they there and current?',
      'bd setup <agent> --remove   take them out again',
    ].join('\n'),
  };
}

/** Throws NotFoundError for a folder that -C names and is not there. */
async function hasBeads(app: AppContext, input: CommandInput): Promise<'has beads' | 'no beads'> {
  try {
    await findBeadsHome(searchOf(app, input));
    return 'has beads';
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'files.not-found') throw error;
    return error instanceof NotFoundError ? 'no beads' : 'has beads';
  }
}

async function install(
  { name, recipe, place, present }: Chosen,
  here: 'has beads' | 'no beads',
): Promise<CommandReply> {
  const changes = planInstall(present);
  await applyChanges(place, changes);
  const isNew = changes.some(({ action }) => action !== 'keep');
  const notes = [
    ...(recipe.note === undefined ? [] : [recipe.note]),
    ...(isNew ? [`Restart ${recipe.title} if it is running.`] : []),
    ...(here === 'no beads' ? ['There are no beads here yet. Run: bd init'] : []),
  ];
  return {
    data: report(name, changes, 'current'),
    text: [
      `${recipe.title} ${isNew ? 'is set up' : 'was set up already'}:`,
      ...fileLines(changes),
      ...notes,
    ].join('\n'),
  };
}

async function remove({ name, recipe, place, present }: Chosen): Promise<CommandReply> {
  const changes = planRemove(present);
  await applyChanges(place, changes);
  const isDone = changes.some(({ action }) => action !== 'keep');
  return {
    data: report(name, changes, 'missing'),
    text: isDone
      ? [`${recipe.title} is set up no more:`, ...fileLines(changes)].join('\n')
      : `${recipe.title} was not set up here`,
  };
}

function check({ name, recipe, present }: Chosen): CommandReply {
  const states = present.map((one) => ({ path: one.path, state: stateOf(one) }));
  const installed = states.every(({ state }) => state === 'current');
  const lines = states.map(({ path, state }) => `  ${state === 'current' ? '✓' : '✗'} ${path} (${state})`);
  return {
    data: { recipe: name, installed, files: states },
    text: [
      `${recipe.title} is ${installed ? 'set up' : 'not set up, or not as it is today'}:`,
      ...lines,
      ...(installed ? [] : [`Run: bd setup ${name}`]),
    ].join('\n'),
    exitCode: installed ? 0 : 1,
  };
}

function report(recipe: string, changes: readonly FileChange[], state: 'current' | 'missing') {
  return {
    recipe,
    installed: state === 'current',
    files: changes.map(({ path }) => ({ path, state })),
  };
}

const DONE: Readonly<Record<FileChange['action'], string>> = {
  write: 'written',
  delete: 'deleted',
  keep: 'unchanged',
};

function fileLines(changes: readonly FileChange[]): readonly string[] {
  return changes.map(({ path, action }) => `  ${path} (${DONE[action]})`);
}
