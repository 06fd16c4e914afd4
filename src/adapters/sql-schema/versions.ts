import { RefusedError, UnreadableError } from '../../core/errors.ts';

/** The schema we write and read: bd 1.0.5 calls it migrations 1..49 and (unversioned tables) 1..8. */
export const SCHEMA_VERSION = 49;
export const UNVERSIONED_SCHEMA_VERSION = 8;

/** The oldest schema that can be upgraded: where bd 1.0.1 to 1.0.4 stop. */
export const OLDEST_UPGRADABLE = 32;
/** What bd 1.0.0 counts by itself instead; its tables are those of 32 but for columns that are only added. */
export const COUNTED_UPGRADABLE = 11;

/** The highest version in each of the two tables; null when the table is empty. */
export interface FoundVersions {
  readonly schema: number | null;
  readonly unversioned: number | null;
  /** Row `schema_version` of `config`; bd 1.0.0 has nothing else. */
  readonly counted?: number | null;
}

/**
 * Refuses a database whose shape is not ours: RefusedError `store.schema-newer` (unless `ignoreSkew`),
 * `store.schema-older`; UnreadableError `store.not-a-ledger` when it was never finished.
 */
export function checkVersions(
  database: string,
  found: FoundVersions,
  options: { readonly ignoreSkew: boolean },
): void {
  const { schema } = found;
  if (schema === null) throw notALedger(database);
  // An upgrade that was cut off has made the second table and not filled it.
  const unversioned = found.unversioned ?? 0;
  if (schema > SCHEMA_VERSION || unversioned > UNVERSIONED_SCHEMA_VERSION) {
    if (!options.ignoreSkew) throw schemaNewer(database, found);
    return;
  }
  if (schema < SCHEMA_VERSION || unversioned < UNVERSIONED_SCHEMA_VERSION) throw schemaOlder(database, found);
}

export function notALedger(database: string): UnreadableError {
  return new UnreadableError({
    code: 'store.not-a-ledger',
    message: `database '${database}' has no ledger schema`,
    hint: 'Another program made it: name another database, or move it away',
  });
}

/** Whoever makes it was killed meanwhile, or is still at it. */
export function unfinished(database: string): UnreadableError {
  return new UnreadableError({
    code: 'store.unfinished',
    message: `the making of database '${database}' did not finish`,
    hint: 'Run the command that makes it again: gt install or gt rig add',
  });
}

function schemaNewer(database: string, found: FoundVersions): RefusedError {
  return new RefusedError({
    code: 'store.schema-newer',
    message: `schema skew: database '${database}' has version ${describe(found)}, newer than this gt knows (${ours})`,
    hint: 'Update gt, or set BD_IGNORE_SCHEMA_SKEW=1 to go on at your own risk',
  });
}

/** A schema before ours; without version tables it is that of bd 1.0.0 or older. */
export function schemaOlder(database: string, found: FoundVersions): RefusedError {
  const isCounted = found.schema === null && found.counted === COUNTED_UPGRADABLE;
  if (!isCounted && (found.schema ?? 0) < OLDEST_UPGRADABLE) return schemaTooOld(database, found);
  return new RefusedError({
    code: 'store.schema-older',
    message: `schema skew: database '${database}' has version ${describe(found)}, gt needs ${ours}`,
    hint: 'Run: bd migrate --yes (older bd versions can then no longer open it)',
  });
}

export function schemaTooOld(database: string, found: FoundVersions): RefusedError {
  return new RefusedError({
    code: 'store.schema-too-old',
    message: `schema skew: database '${database}' has version ${describe(found)}, gt upgrades from bd 1.0.0 on`,
    hint: 'Open it once with the real bd 1.0.0 or newer (bd list), then run: bd migrate --yes',
  });
}

const ours = describe({ schema: SCHEMA_VERSION, unversioned: UNVERSIONED_SCHEMA_VERSION });

function describe(found: FoundVersions): string {
  return `${found.schema ?? found.counted ?? 'unknown'}/${found.unversioned ?? 0}`;
}
