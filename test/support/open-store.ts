import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { createSqliteStore } from '../../src/adapters/sqlite/store.ts';
import type { Store } from '../../src/ports/store.ts';

/** Where a store is, in a form that travels to a child process as JSON. */
export type StorePlace =
  | { readonly kind: 'sqlite'; readonly dir: string; readonly durability?: 'full' | 'none' }
  | {
      readonly kind: 'dolt';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
    };

export function openStore(place: StorePlace): Store {
  const clock = createClock();
  return place.kind === 'sqlite'
    ? createSqliteStore({ ...place, clock })
    : createDoltStore({ ...place, clock });
}
