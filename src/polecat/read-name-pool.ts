import type { TownContext } from '../beads/context.ts';
import { isWorkerName } from '../core/names.ts';
import type { RigSettings } from '../rig/settings.ts';
import type { NamePool } from './name-pool.ts';
import { DEFAULT_THEME, NAME_THEMES } from './name-themes.ts';
import { findTheme } from './themes.ts';

/** The names of a rig: its own first, then those of its theme (built in, or T/settings/themes/<theme>.txt). */
export async function readNamePool(ctx: TownContext, settings: RigSettings): Promise<NamePool> {
  const style = settings.get('namepool.style');
  const theme = await findTheme(ctx, style);
  if (theme === undefined) ctx.ports.log.warn('no such theme of names, using the default', { style });
  const names = [...settings.get('namepool.names'), ...(theme?.names ?? NAME_THEMES[DEFAULT_THEME] ?? [])];
  return {
    names: [...new Set(names.filter(isWorkerName))],
    size: settings.get('namepool.max_before_numbering'),
  };
}
