import type { TownContext } from '../beads/context.ts';
import type { AppContext } from '../context.ts';
import { refuseConflict, whoAmI } from '../town/identity.ts';

/** The town, for a command that writes in the caller's name: refused in another agent's home (P18). */
export async function actingTown(app: AppContext): Promise<TownContext> {
  const town = await app.town();
  refuseConflict(await whoAmI({ env: app.env, cwd: app.cwd, files: town.ports.files, root: town.root }));
  return town;
}

/** GT_SPAWN of the session this command runs in; undefined outside a session. */
export function spawnOf(app: AppContext): number | undefined {
  const spawn = Number(app.env['GT_SPAWN'] ?? '');
  return Number.isSafeInteger(spawn) && spawn > 0 ? spawn : undefined;
}
