import { join } from 'node:path';
import { createBareRepository } from './repository.ts';
import type { RepositoryShape } from './repository.ts';
import type { TestHome } from './town.ts';

/**
 * A town without a cap on workers, with the rig `proj` (prefix `pj`) of a new bare repository, whose path it returns.
 * @param store words of `gt install` that choose the ledger
 */
export async function installProject(
  home: TestHome,
  shape: RepositoryShape = {},
  store: readonly string[] = ['--store', 'sqlite'],
): Promise<string> {
  const origin = createBareRepository(join(home.home, 'origin.git'), shape);
  await home.gt('install', home.town, ...store);
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
  return origin;
}
