import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { RigName } from '../core/names.ts';
import type { Files } from '../ports/files.ts';
import { rigPaths } from '../town/layout.ts';
import { cook, type Cooked } from './cook.ts';
import { formulaFolders, loadFormulas, type LibraryOptions } from './library.ts';
import { parseOverlay, type StepOverride } from './overlay.ts';
import type { Values } from './variables.ts';

/** Where formulas and the operator's changes of them are. */
export interface Kitchen extends LibraryOptions {
  /** Files that may change the steps of a formula; the first that is there counts. */
  readonly overlays: (name: string) => readonly string[];
}

/** The kitchen of a town, as seen from one of its rigs or from the town itself. */
export function townKitchen(ctx: TownContext, rig?: RigName): Kitchen {
  const { root, ports, gtArgv, env } = ctx;
  const projects = rig === undefined ? [] : [rigPaths(root, rig).beadsDir];
  return {
    files: ports.files,
    folders: formulaFolders({ projects, townRoot: root, home: env['HOME'], gtArgv }),
    overlays: (name) => overlayFiles(root, rig, name),
  };
}

/** The rig's overlay hides the town's. */
export function overlayFiles(townRoot: string, rig: string | undefined, name: string): readonly string[] {
  // A formula says itself what it is called: one with a path for a name has no overlays.
  if (!/^[\w.-]+$/.test(name)) return [];
  const file = join('formula-overlays', `${name}.toml`);
  return [...(rig === undefined ? [] : [join(townRoot, rig, file)]), join(townRoot, file)];
}

/** The overlay in force; undefined when there is none. Throws UsageError `formula.bad`. */
export async function readOverlay(
  files: Files,
  paths: readonly string[],
): Promise<{ readonly path: string; readonly overrides: readonly StepOverride[] } | undefined> {
  for (const path of paths) {
    const text = await files.readText(path);
    if (text !== undefined) return { path, overrides: parseOverlay(text, path) };
  }
  return undefined;
}

/**
 * Finds a formula by name or path and cooks it, overlay applied. Without values it is only compiled.
 * Throws NotFoundError `formula.not-found`, UsageError `formula.bad` `formula.missing-var` `formula.bad-var`.
 */
export async function cookFormula(
  kitchen: Kitchen,
  { name, values }: { readonly name: string; readonly values?: Values },
): Promise<Cooked> {
  const loaded = await loadFormulas(kitchen, name);
  const overlay = await readOverlay(kitchen.files, kitchen.overlays(loaded.name));
  const cooked = cook({
    name: loaded.name,
    set: loaded.set,
    ...(values === undefined ? {} : { values }),
    ...(overlay === undefined ? {} : { overlay: overlay.overrides }),
  });
  return { ...cooked, warnings: [...loaded.warnings, ...cooked.warnings] };
}
