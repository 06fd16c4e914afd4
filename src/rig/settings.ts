import { nearestHint, nearestOf } from '../core/nearest.ts';
import type { TownBase } from '../town/base.ts';
import {
  checkHeader,
  corrupt,
  isJsonObject,
  readJsonFile,
  updateJsonFile,
  valueAt,
} from '../town/json-file.ts';
import type { JsonHeader, JsonObject } from '../town/json-file.ts';
import { withTyped } from '../town/key-kinds.ts';
import type { KeyKind } from '../town/key-kinds.ts';
import { UsageError } from '../core/errors.ts';
import type { Rig } from './registry.ts';
import { KEPT_RIG_KEYS, OLD_RIG_KEYS, RIG_KEYS } from './settings-keys.ts';
import type { RigKey, RigValue } from './settings-keys.ts';

const RIG_SETTINGS_HEADER: JsonHeader = { type: 'rig-settings', version: 1 };

/** A rig's settings as they act: R/settings/config.json over the repository's .gastown/settings.json over default. */
export interface RigSettings {
  /** Throws UnreadableError `file.corrupt` when the file holds something else there. */
  get<K extends RigKey>(key: K): RigValue<K>;
  /** The file that sets `key`, or `default`. */
  source(key: RigKey): string;
  /** Unknown and outdated keys, one line each. */
  readonly warnings: readonly string[];
}

interface Layer {
  readonly path: string;
  readonly doc: JsonObject;
}

/**
 * Reads both layers. The repository's own file is read from the refinery's worktree of the default branch, never
 * from a candidate: it holds shell commands (P26).
 */
export async function readRigSettings(
  town: Pick<TownBase, 'ports'>,
  rig: Pick<Rig, 'paths'>,
): Promise<RigSettings> {
  const { files } = town.ports;
  const floor = `${rig.paths.refineryWorktree}/.gastown/settings.json`;
  const paths = [rig.paths.settingsFile, floor];
  const docs = await Promise.all(paths.map((path) => readJsonFile(files, path)));
  return rigSettingsOf(paths.map((path, index) => ({ path, doc: docs[index] ?? {} })));
}

/** Settings of layers already read, the strongest first. */
export function rigSettingsOf(layers: readonly Layer[]): RigSettings {
  for (const { doc, path } of layers) checkHeader(doc, RIG_SETTINGS_HEADER, path);
  const layerOf = (key: RigKey): Layer | undefined =>
    layers.find(({ doc }) => valueAt(doc, key.split('.')) !== undefined);
  return {
    get: <K extends RigKey>(key: K): RigValue<K> => {
      const layer = layerOf(key);
      if (layer === undefined) return RIG_KEYS[key].fallback as RigValue<K>;
      const { kind } = RIG_KEYS[key];
      const value = kind.read(valueAt(layer.doc, key.split('.')));
      if (value === undefined) throw corrupt(layer.path, `${key} must be ${kind.expects}`);
      return value as RigValue<K>;
    },
    source: (key) => layerOf(key)?.path ?? 'default',
    warnings: layers.flatMap(({ doc, path }) => warningsOf(doc, path)),
  };
}

/** Sets (or with '' removes) one key in R/settings/config.json. UsageError `config.unknown-key`, `config.bad-value`. */
export async function writeRigKey(
  town: TownBase,
  rig: Rig,
  change: { key: string; text: string },
): Promise<void> {
  const key = parseRigKey(change.key);
  const kind: KeyKind<unknown> = RIG_KEYS[key].kind;
  await updateRigSettings(town, rig, (doc) =>
    withTyped(doc, key.split('.'), { name: key, kind, text: change.text }),
  );
}

/** Changes R/settings/config.json under the town's lock. */
export async function updateRigSettings(
  town: TownBase,
  rig: Pick<Rig, 'paths'>,
  change: (doc: JsonObject) => JsonObject,
): Promise<void> {
  const initial = { type: 'rig-settings', version: 1 };
  const path = rig.paths.settingsFile;
  await updateJsonFile(town, { path, lock: 'config', header: RIG_SETTINGS_HEADER, initial }, change);
}

export const RIG_KEY_NAMES = Object.keys(RIG_KEYS) as readonly RigKey[];

/** A known key. UsageError `config.unknown-key` with the nearest one. */
export function parseRigKey(name: string): RigKey {
  const found = RIG_KEY_NAMES.find((key) => key === name);
  if (found !== undefined) return found;
  throw new UsageError({
    code: 'config.unknown-key',
    message: `unknown rig setting '${name}'`,
    hint: nearestHint(name, RIG_KEY_NAMES, 'Run: gt rig settings show <rig>'),
  });
}

function warningsOf(doc: JsonObject, path: string): readonly string[] {
  return leavesOf(doc).flatMap((key) => {
    if (RIG_KEY_NAMES.some((known) => known === key)) return [];
    const outdated = OLD_RIG_KEYS[key];
    if (outdated !== undefined) return [`${path}: '${key}' is no longer read: ${outdated}`];
    if (KEPT_RIG_KEYS.some((kept) => key === kept || key.startsWith(`${kept}.`))) return [];
    const near = nearestOf(key, RIG_KEY_NAMES);
    return [`${path}: unknown setting '${key}'${near === undefined ? '' : `, did you mean ${near}?`}`];
  });
}

/** Dotted names; a known key ends the descent even when its value is an object. */
function leavesOf(doc: JsonObject, prefix = ''): readonly string[] {
  return Object.entries(doc).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const known = RIG_KEY_NAMES.some((candidate) => candidate === key);
    return !known && isJsonObject(value) ? leavesOf(value, `${key}.`) : [key];
  });
}
