import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { parseWorkerName } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings, writeRigKey } from '../rig/settings.ts';
import { readPool, usedNames } from './dispatch/pool.ts';
import { lockPool } from './identity/add.ts';
import { firstFreeName } from './name-pool.ts';
import { DEFAULT_THEME } from './name-themes.ts';
import { findTheme } from './themes.ts';

/** How the names of a rig's polecats are given out now. */
export interface PoolNames {
  readonly theme: string;
  readonly custom: boolean;
  /** The rig's own names, given out first. */
  readonly own: readonly string[];
  /** Names before numbers are used. */
  readonly size: number;
  readonly inUse: readonly string[];
  readonly next: string;
}

export async function readPoolNames(ctx: TownContext, rig: Rig): Promise<PoolNames> {
  const settings = await readRigSettings(ctx, rig);
  const pool = await readPool(ctx, rig);
  const used = usedNames(pool);
  const theme = await findTheme(ctx, settings.get('namepool.style'));
  return {
    theme: theme?.name ?? DEFAULT_THEME,
    custom: theme?.custom ?? false,
    own: settings.get('namepool.names'),
    size: pool.names.size,
    inUse: [...used.taken].filter((name) => !pool.crew.has(name)).toSorted(byName),
    next: firstFreeName(pool.names, used),
  };
}

function byName(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

/** Returns false when the rig has that name already. UsageError `worker.bad-name`. */
export async function addName(ctx: TownContext, rig: Rig, text: string): Promise<boolean> {
  const name = parseWorkerName(text.toLowerCase());
  const own = (await readRigSettings(ctx, rig)).get('namepool.names');
  if (own.includes(name)) return false;
  await writeRigKey(ctx, rig, { key: 'namepool.names', text: [...own, name].join(',') });
  return true;
}

/** Drops reservations of dispatches that were killed; names of workers that are there stay theirs. Returns the names. */
export async function resetNames(ctx: TownContext, rig: Rig): Promise<readonly string[]> {
  await using _lock = await lockPool(ctx, rig, 'namepool reset');
  const { runtimeDir } = rig.paths;
  const marks = ((await ctx.ports.files.list(runtimeDir)) ?? []).filter(({ name }) =>
    name.endsWith('.pending'),
  );
  for (const { name } of marks) await ctx.ports.files.remove(join(runtimeDir, name));
  return marks.map(({ name }) => name.slice(0, -'.pending'.length));
}
