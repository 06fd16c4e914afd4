import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { corrupt, isJsonObject, readJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';
import { settingsOf } from '../town/layers.ts';
import type { Layer, Settings } from '../town/layers.ts';
import { readTownSettings } from '../town/settings.ts';
import { readWanted } from '../town/wanted.ts';
import { readRigLabels, rigBeadId } from './labels.ts';
import { PROPERTY_TABLE } from './property-keys.ts';
import type { Rig } from './registry.ts';

/** What operators set on a rig from day to day, beside its settings file (spec 01 §7). */
export type RigProperties = Settings<typeof PROPERTY_TABLE.keys>;

/** Read and written for this machine alone, by `gt rig config set`. */
export function wispFile(ctx: Pick<TownContext, 'root'>, rig: Rig): string {
  return join(ctx.root, '.beads-wisp/config', `${rig.name}.json`);
}

export async function readRigProperties(ctx: TownContext, rig: Rig): Promise<RigProperties> {
  return settingsOf(PROPERTY_TABLE, await readPropertyLayers(ctx, rig));
}

/**
 * The first that says something: for the status what people asked for on this machine, this machine's file (a name blocked there has its default, whatever comes after), a
 * label `<name>:<value>` of the rig's bead, `rig_defaults` of the town.
 */
export async function readPropertyLayers(ctx: TownContext, rig: Rig): Promise<readonly Layer[]> {
  const [{ rigs }, others] = await Promise.all([readWanted(ctx), readOtherLayers(ctx, rig)]);
  const here = rigs[rig.name];
  if (here === undefined) return others;
  const status = here === 'down' ? 'parked' : 'operational';
  return [{ path: ctx.paths.wantedFile, doc: { status } }, ...others];
}

/** Without what was asked for on this machine. */
export async function readOtherLayers(ctx: TownContext, rig: Rig): Promise<readonly Layer[]> {
  const path = wispFile(ctx, rig);
  const [wisp, labels, town] = await Promise.all([
    readJsonFile(ctx.ports.files, path),
    readRigLabels(ctx, rig),
    readTownSettings(ctx),
  ]);
  return [
    { path, doc: valuesOf(wisp ?? {}, path), blocks: blockedOf(wisp ?? {}, path), at: ['values'] },
    { path: `label of ${rigBeadId(rig)}`, doc: scalars(Object.fromEntries(labels)), isShared: true },
    { path: ctx.paths.settingsFile, doc: scalars(town.get('rig_defaults')), at: ['rig_defaults'] },
  ];
}

export function valuesOf(doc: JsonObject, path: string): JsonObject {
  const values = doc['values'] ?? {};
  if (!isJsonObject(values)) throw corrupt(path, "'values' is no object");
  return values;
}

export function blockedOf(doc: JsonObject, path: string): readonly string[] {
  const blocked: unknown = doc['blocked'] ?? [];
  if (!Array.isArray(blocked)) throw corrupt(path, "'blocked' is no list");
  return blocked.filter((name) => typeof name === 'string');
}

/** Labels and pairs are text, whatever they mean. */
function scalars(texts: Readonly<Record<string, string>>): JsonObject {
  const bools: Readonly<Record<string, boolean>> = { true: true, false: false };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, bools[text] ?? text]));
}
