import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import type { RigName } from '../core/names.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import { rigPaths } from '../town/layout.ts';
import { readRigs } from './registry.ts';

/** Stands in a rig's folder from its first file until it is registered; names the process that makes it. */
export const ADDING_MARKER = '.gt-adding';

const markerSchema = z.object({ pid: z.number(), start: z.string() });

/** Where clones are made before they are moved to their place. */
export function addingDir(ctx: Pick<TownContext, 'paths'>): string {
  return join(ctx.paths.runtimeDir, 'adding');
}

export async function writeMarker(ctx: TownContext, folder: string): Promise<void> {
  const self = await ctx.ports.processes.self();
  await ctx.ports.files.writeAtomic(join(folder, ADDING_MARKER), formatJson(self), { mode: 0o600 });
}

/**
 * Removes what a killed `gt rig add` left: drafts, and the folder of this rig while its marker still names a
 * process that is gone. Such a folder holds nothing but clones made a moment before. A live one stays, and so
 * does a registered rig, whatever its folder says: people have worked there.
 */
export async function clearAbandoned(ctx: TownContext, name: RigName): Promise<void> {
  const { files } = ctx.ports;
  const { rigs, broken } = await readRigs(ctx);
  if ([...rigs, ...broken].some((rig) => rig.name === name)) return;
  const drafts = (await files.list(addingDir(ctx))) ?? [];
  const folders = [...drafts.map((draft) => join(addingDir(ctx), draft.name)), rigPaths(ctx.root, name).root];
  for (const folder of folders) {
    if (await isAbandoned(ctx, folder)) await files.remove(folder);
  }
}

async function isAbandoned(ctx: TownContext, folder: string): Promise<boolean> {
  const { files, processes } = ctx.ports;
  const doc = await readJsonFile(files, join(folder, ADDING_MARKER));
  const marker = markerSchema.safeParse(doc);
  if (!marker.success || (await processes.isAlive(marker.data))) return false;
  // A marker may have stayed in a rig that was finished, used and taken out of the town: somebody worked there.
  const workers = await Promise.all(['polecats', 'crew'].map((name) => files.list(join(folder, name))));
  return workers.every((entries) => entries === undefined || entries.length === 0);
}
