import { join } from 'node:path';
import type { Store } from '../../ports/store.ts';
import { readDoltAddress } from '../../town/dolt-address.ts';
import { startDolt, stopDolt } from '../../town/dolt-server.ts';
import type { TownContext } from '../context.ts';
import { restDaemon } from '../place/rest-daemon.ts';

export interface SwapRequest {
  readonly store: Store;
  /** undefined = a ledger without a town. */
  readonly town: TownContext | undefined;
  readonly database: string;
  readonly fresh: string;
  /** What the database in use is called afterwards. */
  readonly aside: string;
}

/** Makes the store answer (a killed restore leaves the server down) and removes what such a one left half done. */
export async function prepareRestore({
  store,
  town,
  database,
}: Pick<SwapRequest, 'store' | 'town' | 'database'>): Promise<void> {
  if (town !== undefined && store.kind === 'dolt') await startDolt(town);
  const admin = await store.admin();
  const left = (await store.list()).filter((name) => name.startsWith(`${database}__restored_`));
  for (const name of left) await admin.drop(name);
}

export function freshName(database: string, stamp: string): string {
  return `${database}__restored_${stamp}`;
}

/**
 * Puts the restored database in the place of the one in use, which stays as `aside`. A town's Dolt server rests
 * meanwhile. Throws what `StoreAdmin.swap` and `stopDolt` throw.
 */
export async function swapDatabases({ store, town, database, fresh, aside }: SwapRequest): Promise<void> {
  await using _rest = town === undefined ? undefined : await restDaemon(town, 'bd restore');
  if (store.kind === 'sqlite' || town === undefined || !(await readDoltAddress(town)).isLocal) {
    const admin = await store.admin();
    return await admin.swap(database, fresh, aside);
  }
  await stopDolt(town);
  const folder = (name: string) => join(town.paths.doltDir, name);
  const { files } = town.ports;
  const isThere = (await files.stat(folder(database))) !== undefined;
  if (isThere) await files.rename(folder(database), folder(aside));
  town.failpoint('restore-swap', 'before');
  try {
    await files.rename(folder(fresh), folder(database));
  } catch (error) {
    if (isThere) await files.rename(folder(aside), folder(database));
    throw error;
  } finally {
    await startDolt(town);
  }
}

const KEPT = '__before_';

export function asideName(database: string, stamp: string): string {
  return `${database}${KEPT}${stamp}`;
}

/** Databases that restores have put aside, newest first. */
export async function listAside(store: Store, database: string): Promise<readonly string[]> {
  return (await store.list()).filter((name) => name.startsWith(`${database}${KEPT}`)).toReversed();
}
