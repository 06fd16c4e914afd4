import type { Clock } from './ports/clock.ts';
import type { Store } from './ports/store.ts';

/** A ledger that belongs to no town. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | {
      readonly kind: 'dolt';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
    };

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
  const { host, port, user, password } = place;
  return createDoltStore({
    host,
    port,
    user,
    password,
    clock,
    ignoreSchemaSkew,
    isTest: env['GT_TEST'] === '1',
  });
}
