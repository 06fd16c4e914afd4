import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import type { StoreVersions } from '../../../ports/store-versions.ts';
import { findPlace, type BdPlace } from '../open.ts';
import { refuseReadOnly } from '../write.ts';

export interface VersionsPlace extends BdPlace {
  readonly versions: StoreVersions;
}

/** The database a command means, with its versions. RefusedError `store.no-versions` where it is SQLite. */
export async function openVersions(app: AppContext, input: CommandInput): Promise<VersionsPlace> {
  const place = await findPlace(app, input);
  return { ...place, versions: await place.store.versions() };
}

/** The same for a command that changes something. Throws RefusedError `beads.readonly` under --readonly. */
export async function openVersionsToWrite(app: AppContext, input: CommandInput): Promise<VersionsPlace> {
  refuseReadOnly(input);
  return openVersions(app, input);
}

/** The ledger's tables that differ from the newest version: all that a version commit would take. */
export async function commitAll(
  { store, versions, database }: VersionsPlace,
  message: string,
): Promise<boolean> {
  const before = await versions.status(database);
  await store.commitVersion(database, message, { withSettings: true });
  return before.head !== (await versions.status(database)).head;
}

/** Says what a remote brought that only people of this town may set. */
export function leftOut(foreign: readonly string[]): { readonly warnings?: readonly string[] } {
  return foreign.length === 0
    ? {}
    : { warnings: [`commands of the remote left out (only people here set them): ${foreign.join(', ')}`] };
}

export function exchangeOf(input: CommandInput): {
  readonly remote: string;
  readonly user: string | undefined;
} {
  return { remote: input.flag('remote') ?? 'origin', user: input.flag('user') };
}
