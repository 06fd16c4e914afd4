import { join } from 'node:path';
import * as z from 'zod/mini';
import type { StoreKind } from '../../ports/store.ts';
import { beadsDirOf, writeBeadsFolder } from '../../town/beads-files.ts';
import { readDoltAddress } from '../../town/dolt-address.ts';
import { stopDolt } from '../../town/dolt-server.ts';
import { formatJson, readJsonFile, updateJsonFile } from '../../town/json-file.ts';
import type { TownPaths } from '../../town/layout.ts';
import type { TownContext } from '../context.ts';
import type { MovedDatabase, MovePlan } from './plan.ts';

/** `.runtime/store-move.json`: a move is under way; what lies in the new place is its own. */
export interface MoveMark {
  readonly to: StoreKind;
  /** `20260301-120000`: part of the name of the old data. */
  readonly stamp: string;
}

const markSchema = z.object({ to: z.enum(['sqlite', 'dolt']), stamp: z.string() });

export async function readMark(ctx: TownContext): Promise<MoveMark | undefined> {
  const parsed = markSchema.safeParse(await readJsonFile(ctx.ports.files, markFile(ctx.paths)));
  return parsed.success ? parsed.data : undefined;
}

export async function writeMark(ctx: TownContext, to: StoreKind): Promise<MoveMark> {
  const now = new Date(ctx.ports.clock.now()).toISOString();
  const stamp = now.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  await ctx.ports.files.writeAtomic(markFile(ctx.paths), formatJson({ to, stamp }), { mode: 0o600 });
  return { to, stamp };
}

function markFile(paths: TownPaths): string {
  return join(paths.runtimeDir, 'store-move.json');
}

/** Folders of a move: the old data, where it goes, and where SQLite files are made before they count. */
export function placesOf(paths: TownPaths, { to, stamp }: MoveMark) {
  const old = to === 'dolt' ? paths.storeDir : paths.doltDir;
  return { old, aside: `${old}.moved-${stamp}`, draft: draftDir(paths) };
}

export function draftDir(paths: TownPaths): string {
  return `${paths.storeDir}.moving`;
}

/**
 * Makes the new store the one in force. mayor/town.json decides and is written in one step; before it the town's
 * metadata.json names neither store, because the two must never contradict each other.
 */
export async function switchStore(ctx: TownContext, plan: MovePlan, mark: MoveMark): Promise<void> {
  const { files } = ctx.ports;
  if (mark.to === 'sqlite') {
    await files.remove(ctx.paths.storeDir);
    await files.rename(placesOf(ctx.paths, mark).draft, ctx.paths.storeDir);
  }
  ctx.failpoint('store-mark', 'before');
  const metadataFile = join(ctx.paths.beadsDir, 'metadata.json');
  const metadata = await readJsonFile(files, metadataFile);
  await files.writeAtomic(metadataFile, formatJson({ ...metadata, backend: 'gt-moving' }), { mode: 0o600 });
  ctx.failpoint('store-switch', 'before');
  await updateJsonFile(ctx, { path: ctx.paths.townFile, lock: 'config' }, (doc) => ({
    ...doc,
    store: { kind: mark.to },
  }));
  ctx.failpoint('store-switch', 'after');
  await finishSwitch(ctx, plan.databases, mark);
}

/** Brings the copies in line and puts the old data aside; may be done again. */
export async function finishSwitch(
  ctx: TownContext,
  databases: readonly MovedDatabase[],
  mark: MoveMark,
): Promise<void> {
  const { files } = ctx.ports;
  const dolt = mark.to === 'dolt' ? { dolt: await readDoltAddress(ctx) } : {};
  for (const { name, identity } of databases) {
    await writeBeadsFolder(files, ctx.paths.storeDir, {
      dir: beadsDirOf(ctx.paths, name),
      database: name,
      ...identity,
      store: mark.to,
      ...dolt,
    });
  }
  ctx.failpoint('store-aside', 'before');
  const { old, aside } = placesOf(ctx.paths, mark);
  if (mark.to === 'sqlite') await stopDolt(ctx);
  // Whoever still waits to write into the old files finds them gone, instead of writing where nobody looks.
  if ((await files.stat(old)) !== undefined) await files.rename(old, aside);
  ctx.failpoint('store-aside', 'after');
  await files.remove(markFile(ctx.paths));
}
