import type { DoltHome } from './beads/place/dolt-home.ts';
import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';
import { versionAuthor } from './version-author.ts';

/** A ledger that belongs to no town. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | (Pick<DoltHome, 'kind' | 'host' | 'port' | 'user' | 'password' | 'tls'> & {
      readonly projectId?: string;
    });

/** Opens nothing yet; the adapter is loaded here. RefusedError `store.test-port` in tests on the port of real towns. */
export async function openStandaloneStore(
  place: StorePlace,
  clock: Clock,
  env: Readonly<Record<string, string>>,
): Promise<Store> {
  const ignoreSchemaSkew = env['BD_IGNORE_SCHEMA_SKEW'] === '1';
  if (place.kind === 'sqlite') {
    const { createSqliteStore } = await import('./adapters/sqlite/store.ts');
    return createSqliteStore({ dir: place.folder, clock, ignoreSchemaSkew });
  }
  const { createDoltStore } = await import('./adapters/dolt/store.ts');
  const { host, port, user, password, tls, projectId = '' } = place;
  return createDoltStore({
    host,
    port,
    user,
    password,
    tls,
    clock,
    author: versionAuthor(env),
    projectIdOf: () => Promise.resolve(projectId === '' ? undefined : projectId),
    ignoreSchemaSkew,
    isTest: env['GT_TEST'] === '1' || env['BEADS_TEST_MODE'] === '1',
  });
}
