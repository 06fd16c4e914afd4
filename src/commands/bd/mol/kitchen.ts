import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { findBeadsHome, type BeadsHome } from '../../../beads/place/home.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { formulaFolders } from '../../../formulas/library.ts';
import { overlayFiles, type Kitchen } from '../../../formulas/kitchen.ts';
import type { Values } from '../../../formulas/variables.ts';
import { searchOf } from '../open.ts';
import { parsePairs } from '../texts.ts';

/** Formulas as seen from the working folder; needs no database. */
export async function openKitchen(
  app: AppContext,
  input: CommandInput,
  searchPaths: readonly string[] = [],
): Promise<Kitchen> {
  const home = await lookForHome(app, input);
  const cwd = resolve(input.flag('directory') ?? app.cwd);
  const town = home?.kind === 'town' ? home.root : (app.env['GT_TOWN_ROOT'] ?? app.env['GT_ROOT']);
  const rig =
    town === undefined ? undefined : rigFolder(town, home?.dir === undefined ? cwd : dirname(home.dir));
  const own = searchPaths.map((path) => ({ kind: 'project' as const, path: resolve(cwd, path) }));
  const standard = formulaFolders({
    projects: [home?.redirectedFrom, home?.dir].filter((dir) => dir !== undefined),
    townRoot: town,
    home: app.env['HOME'],
    gtArgv: app.gtArgv,
  });
  return {
    files: app.machine.files,
    cwd,
    folders: [...own, ...standard],
    overlays: (name) => (town === undefined ? [] : overlayFiles(town, rig, name)),
  };
}

async function lookForHome(app: AppContext, input: CommandInput): Promise<BeadsHome | undefined> {
  try {
    return await findBeadsHome(searchOf(app, input));
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** First folder below the town's root on the way to `path`. */
function rigFolder(root: string, path: string): string | undefined {
  const [first = ''] = relative(root, path).split(sep);
  return first === '' || first === '..' || isAbsolute(first) ? undefined : first;
}

/** `--var key=value`, repeated. Throws UsageError `beads.bad-pair`. */
export function readValues(input: CommandInput): Values {
  return parsePairs(input.list('var'));
}
