import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { isWorkerName } from '../core/names.ts';
import type { RigSettings } from '../rig/settings.ts';
import type { NamePool } from './name-pool.ts';
import { DEFAULT_THEME, NAME_THEMES } from './name-themes.ts';

/** The names of a rig: its own first, then those of its theme (built in, or T/settings/themes/<theme>.txt). */
export async function readNamePool(ctx: TownContext, settings: RigSettings): Promise<NamePool> {
  const style = settings.get('namepool.style');
  const theme = NAME_THEMES[style] ?? (await readThemeFile(ctx, style)) ?? NAME_THEMES[DEFAULT_THEME] ?? [];
  const names = [...settings.get('namepool.names'), ...theme].filter(isWorkerName);
  return { names: [...new Set(names)], size: settings.get('namepool.max_before_numbering') };
}

async function readThemeFile(ctx: TownContext, style: string): Promise<readonly string[] | undefined> {
  if (!/^[a-z][a-z0-9-]*$/.test(style)) return undefined;
  const text = await ctx.ports.files.readText(join(ctx.root, 'settings/themes', `${style}.txt`));
  if (text === undefined) ctx.ports.log.warn('no such theme of names, using the default', { style });
  return text
    ?.split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
