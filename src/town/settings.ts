import { UnreadableError, UsageError } from '../core/errors.ts';
import { nearestHint, nearestOf } from '../core/nearest.ts';
import type { TownBase } from './base.ts';
import { isJsonObject, readJsonFile, updateJsonFile, valueAt } from './json-file.ts';
import type { JsonHeader, JsonObject, JsonTarget } from './json-file.ts';
import { withTyped } from './key-kinds.ts';
import { KEPT_KEYS, TOWN_KEYS } from './settings-keys.ts';
import type { TownKey, TownSettingKey, TownValue } from './settings-keys.ts';

export const SETTINGS_HEADER: JsonHeader = { type: 'town-settings', version: 1 };
const DAEMON_HEADER: JsonHeader = { type: 'daemon-patrol-config', version: 1 };

/** The town's settings as they act: file over default, with where each came from. */
export interface TownSettings {
  /** Throws UnreadableError `config.bad-value` when the file holds something else there. */
  get<K extends TownKey>(key: K): TownValue<K>;
  /** The file that sets `key`, or `default`. */
  source(key: TownKey): string;
  /** One line per key in the files that nothing reads and nobody knows, with the nearest known key. */
  readonly warnings: readonly string[];
}

/** Reads settings/config.json and mayor/daemon.json; missing files mean all defaults. */
export async function readTownSettings(town: Pick<TownBase, 'paths' | 'ports'>): Promise<TownSettings> {
  const { files } = town.ports;
  const [settings, daemon] = await Promise.all([
    readJsonFile(files, town.paths.settingsFile),
    readJsonFile(files, town.paths.daemonConfigFile),
  ]);
  return settingsOf({
    settings: { path: town.paths.settingsFile, doc: settings ?? {} },
    daemon: { path: town.paths.daemonConfigFile, doc: daemon ?? {} },
  });
}

interface SettingsFile {
  readonly path: string;
  readonly doc: JsonObject;
}

/** Settings of two documents already read. */
function settingsOf(files: { readonly settings: SettingsFile; readonly daemon: SettingsFile }): TownSettings {
  const fileOf = (key: TownKey): SettingsFile => files[specOf(key).file ?? 'settings'];
  const rawOf = (key: TownKey): unknown => valueAt(fileOf(key).doc, pathOf(key));
  return {
    get: <K extends TownKey>(key: K): TownValue<K> => {
      const raw = rawOf(key);
      if (raw === undefined || raw === null) return TOWN_KEYS[key].fallback as TownValue<K>;
      const { kind } = specOf(key);
      const value = kind.read(raw);
      if (value === undefined) throw badValue(key, fileOf(key).path, kind.expects);
      return value as TownValue<K>;
    },
    source: (key) => (rawOf(key) === undefined ? 'default' : fileOf(key).path),
    warnings: unknownKeys(files.settings.doc).map((name) => unknownKeyLine(name, files.settings.path)),
  };
}

/** What `gt config get` shows. */
export interface KeyReport {
  readonly key: TownKey;
  /** JSON of the effective value; null when there is none. */
  readonly value: unknown;
  /** As typed on a command line; '' when there is none. */
  readonly text: string;
  /** `default` or the file that sets it. */
  readonly source: string;
  readonly summary: string;
}

/** The effective value of a key and where it comes from. UsageError `config.unknown-key` with the nearest one. */
export async function readTownKey(town: TownBase, name: string): Promise<KeyReport> {
  return reportKey(await readTownSettings(town), parseTownKey(name));
}

/** All keys, in table order. */
export async function listTownKeys(town: TownBase): Promise<readonly KeyReport[]> {
  const settings = await readTownSettings(town);
  return TOWN_KEY_NAMES.map((key) => reportKey(settings, key));
}

/**
 * Sets a key in its file under the `config` lock; unknown keys of the file stay. '' or `null` removes it.
 * UsageError `config.unknown-key`, `config.bad-value`.
 */
export async function writeTownKey(town: TownBase, name: string, text: string): Promise<KeyReport> {
  const key = parseTownKey(name);
  const { kind, file } = specOf(key);
  await updateJsonFile(town, targetOf(town, file), (doc) =>
    withTyped(doc, pathOf(key), { name: key, kind, text }),
  );
  return readTownKey(town, key);
}

/** A known key. UsageError `config.unknown-key`. */
function parseTownKey(name: string): TownKey {
  const found = TOWN_KEY_NAMES.find((key) => key === name);
  if (found !== undefined) return found;
  throw new UsageError({
    code: 'config.unknown-key',
    message: isKept(name)
      ? `'${name}' is kept in the file, but nothing reads it`
      : `unknown setting '${name}'`,
    hint: nearestHint(name, TOWN_KEY_NAMES, 'Run: gt config list'),
  });
}

export const TOWN_KEY_NAMES = Object.keys(TOWN_KEYS) as readonly TownKey[];

function specOf(key: TownKey): TownSettingKey<unknown> {
  return TOWN_KEYS[key];
}

function pathOf(key: TownKey): readonly string[] {
  return specOf(key).path ?? key.split('.');
}

function reportKey(settings: TownSettings, key: TownKey): KeyReport {
  const value = settings.get(key);
  const { kind, summary } = specOf(key);
  return {
    key,
    value: value ?? null,
    text: value === undefined ? '' : kind.show(value),
    source: settings.source(key),
    summary,
  };
}

function targetOf(town: TownBase, file: 'daemon' | undefined): JsonTarget {
  const header = file === 'daemon' ? DAEMON_HEADER : SETTINGS_HEADER;
  return {
    path: file === 'daemon' ? town.paths.daemonConfigFile : town.paths.settingsFile,
    lock: 'config',
    header,
    initial: { type: header.type, version: header.version },
  };
}

/** Dotted names of leaves (and of unknown branches) that are neither read nor known to be kept. */
function unknownKeys(doc: JsonObject, prefix = ''): readonly string[] {
  return Object.entries(doc).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    if (TOWN_KEY_NAMES.some((known) => known === key) || isKept(key)) return [];
    const holdsKnown = TOWN_KEY_NAMES.some((known) => known.startsWith(`${key}.`));
    const holdsKept = KEPT_KEYS.some((kept) => kept.startsWith(`${key}.`));
    return (holdsKnown || holdsKept) && isJsonObject(value) ? unknownKeys(value, `${key}.`) : [key];
  });
}

function isKept(key: string): boolean {
  return KEPT_KEYS.some((kept) => (kept.endsWith('.') ? key.startsWith(kept) : key === kept));
}

function unknownKeyLine(name: string, path: string): string {
  const near = nearestOf(name, TOWN_KEY_NAMES);
  return `${path}: unknown setting '${name}'${near === undefined ? '' : `, did you mean ${near}?`}`;
}

function badValue(key: string, path: string, expects: string): UnreadableError {
  return new UnreadableError({
    code: 'config.bad-value',
    message: `${path}: ${key} must be ${expects}`,
    hint: `Run: gt config set ${key} <value>`,
  });
}
