import type { TownBase } from './base.ts';
import { checkHeader, readJsonFile, updateJsonFile } from './json-file.ts';
import type { JsonHeader, JsonObject, JsonTarget } from './json-file.ts';
import { withTyped } from './key-kinds.ts';
import { parseKey, pathOf, settingsOf, specOf } from './layers.ts';
import type { KeyReport, Layer, Settings } from './layers.ts';
import { TOWN_TABLE } from './settings-keys.ts';

export const SETTINGS_HEADER: JsonHeader = { type: 'town-settings', version: 1 };
export const DAEMON_HEADER: JsonHeader = { type: 'daemon-patrol-config', version: 1 };

export type TownSettings = Settings<typeof TOWN_TABLE.keys>;

/** What reading the settings needs; every TownContext fits. */
export interface SettingsTown {
  readonly paths: Pick<TownBase['paths'], 'settingsFile' | 'daemonConfigFile'>;
  readonly ports: Pick<TownBase['ports'], 'files'>;
}

/**
 * Reads settings/config.json and mayor/daemon.json; missing files mean all defaults. UnreadableError `file.corrupt`,
 * RefusedError `file.newer`.
 */
export async function readTownSettings(town: SettingsTown): Promise<TownSettings> {
  return settingsOf(TOWN_TABLE, await readTownLayers(town));
}

/** The two files with the town's settings; each key lies in one of them. */
export async function readTownLayers({ paths, ports }: SettingsTown): Promise<readonly Layer[]> {
  const [settings, daemon] = await Promise.all([
    readJsonFile(ports.files, paths.settingsFile),
    readJsonFile(ports.files, paths.daemonConfigFile),
  ]);
  checkHeader(settings ?? {}, SETTINGS_HEADER, paths.settingsFile);
  checkHeader(daemon ?? {}, DAEMON_HEADER, paths.daemonConfigFile);
  return [
    { path: paths.settingsFile, doc: settings ?? {} },
    { path: paths.daemonConfigFile, doc: daemon ?? {}, takes: (file) => file === 'daemon' },
  ];
}

/** The effective value of a key and where it comes from. UsageError `config.unknown-key` with the nearest one. */
export async function readTownKey(town: TownBase, name: string): Promise<KeyReport> {
  return (await readTownSettings(town)).report(parseKey(TOWN_TABLE, name));
}

/**
 * Sets a key in its file under the `config` lock; unknown keys of the file stay. '' or `null` removes it.
 * UsageError `config.unknown-key`, `config.bad-value`.
 */
export async function writeTownKey(town: TownBase, name: string, text: string): Promise<KeyReport> {
  const key = parseKey(TOWN_TABLE, name);
  const { file } = specOf(TOWN_TABLE, key);
  await updateJsonFile(town, targetOf(town, file), (doc) => withKey(doc, key, text));
  return readTownKey(town, key);
}

/** Typed texts by key. */
export type TownTexts = Readonly<Partial<Record<keyof typeof TOWN_TABLE.keys, string>>>;

/** Several keys of settings/config.json at once, all or none. @param change from what acts now */
export async function changeTownKeys(
  town: TownBase,
  change: (now: TownSettings) => TownTexts,
): Promise<void> {
  await updateJsonFile(town, targetOf(town, undefined), (doc) => {
    const now = settingsOf(TOWN_TABLE, [{ path: town.paths.settingsFile, doc }]);
    return Object.entries(change(now)).reduce((all, [key, text]) => withKey(all, key, text), doc);
  });
}

function withKey(doc: JsonObject, name: string, text: string): JsonObject {
  const key = parseKey(TOWN_TABLE, name);
  return withTyped(doc, pathOf(TOWN_TABLE, key), { name: key, kind: specOf(TOWN_TABLE, key).kind, text });
}

function targetOf(town: TownBase, file: string | undefined): JsonTarget {
  const isDaemon = file === 'daemon';
  const header = isDaemon ? DAEMON_HEADER : SETTINGS_HEADER;
  return {
    path: isDaemon ? town.paths.daemonConfigFile : town.paths.settingsFile,
    lock: 'config',
    header,
    initial: { type: header.type, version: header.version },
  };
}
