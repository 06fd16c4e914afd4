import { dirname, join, relative } from 'node:path';
import type { Files } from '../../ports/files.ts';
import type { FileChange, PresentFile } from './plan.ts';
import { MOVED_HOMES, type RecipeFile } from './recipes.ts';

export interface SetupPlace {
  readonly files: Files;
  /** The project's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The files of a recipe as they are now. */
export function readPresent(
  place: SetupPlace,
  files: readonly RecipeFile[],
): Promise<readonly PresentFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = pathOf(place, file.path);
      return { file, path, text: await place.files.readText(path) };
    }),
  );
}

function pathOf({ root, env }: SetupPlace, path: string): string {
  for (const [folder, variable] of Object.entries(MOVED_HOMES)) {
    const moved = env[variable] ?? '';
    if (moved !== '' && path.startsWith(folder)) return join(moved, path.slice(folder.length));
  }
  return path.startsWith('~/') ? join(env['HOME'] ?? '', path.slice(2)) : join(root, path);
}

/** Carries a plan out; a folder that holds nothing after a delete goes too, up to the project's own. */
export async function applyChanges(place: SetupPlace, changes: readonly FileChange[]): Promise<void> {
  for (const { path, action, content } of changes) {
    if (action === 'write') await place.files.writeAtomic(path, content ?? '');
    if (action !== 'delete') continue;
    await place.files.remove(path);
    for (let folder = dirname(path); isBelow(place.root, folder); folder = dirname(folder)) {
      if ((await place.files.list(folder))?.length !== 0) break;
      await place.files.remove(folder);
    }
  }
}

function isBelow(root: string, folder: string): boolean {
  const way = relative(root, folder);
  return way !== '' && !way.startsWith('..');
}
