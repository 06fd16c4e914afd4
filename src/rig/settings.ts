import type { TownBase } from '../town/base.ts';
import { checkHeader, readJsonFile, updateJsonFile } from '../town/json-file.ts';
import type { JsonHeader, JsonObject } from '../town/json-file.ts';
import { withTyped } from '../town/key-kinds.ts';
import { parseKey, settingsOf, specOf } from '../town/layers.ts';
import type { Layer, Settings } from '../town/layers.ts';
import type { Rig } from './registry.ts';
import { RIG_TABLE } from './settings-keys.ts';

export const RIG_SETTINGS_HEADER: JsonHeader = { type: 'rig-settings', version: 1 };

/** A rig's settings as they act: R/settings/config.json over the repository's .gastown/settings.json over default. */
export type RigSettings = Settings<typeof RIG_TABLE.keys>;

interface RigPlace {
  readonly paths: Pick<Rig['paths'], 'settingsFile' | 'refineryWorktree'>;
}

export async function readRigSettings(
  town: { readonly ports: Pick<TownBase['ports'], 'files'> },
  rig: RigPlace,
): Promise<RigSettings> {
  return rigSettingsOf(await readRigLayers(town, rig));
}

/**
 * Both files, the rig's own first. The repository's is read from the refinery's worktree of the default branch,
 * never from a candidate: it holds shell commands (P26). Which programs run as agents it may not say.
 */
export async function readRigLayers(
  { ports }: { readonly ports: Pick<TownBase['ports'], 'files'> },
  { paths }: RigPlace,
): Promise<readonly Layer[]> {
  const all = [paths.settingsFile, `${paths.refineryWorktree}/.gastown/settings.json`];
  const docs = await Promise.all(all.map((path) => readJsonFile(ports.files, path)));
  return all.map((path, index) => ({
    path,
    doc: docs[index] ?? {},
    ...(index === 0 ? { takes: () => true } : {}),
  }));
}

/** Settings of layers already read, the strongest first. */
export function rigSettingsOf(layers: readonly Layer[]): RigSettings {
  for (const { doc, path } of layers) checkHeader(doc, RIG_SETTINGS_HEADER, path);
  return settingsOf(RIG_TABLE, layers);
}

/** Sets (or with '' removes) one key in R/settings/config.json. UsageError `config.unknown-key`, `config.bad-value`. */
export async function writeRigKey(
  town: TownBase,
  rig: Rig,
  change: { readonly key: string; readonly text: string },
): Promise<void> {
  const name = parseKey(RIG_TABLE, change.key);
  const { kind } = specOf(RIG_TABLE, name);
  await updateRigSettings(town, rig, (doc) =>
    withTyped(doc, name.split('.'), { name, kind, text: change.text }),
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
