import type { TownContext } from '../beads/context.ts';
import type { AppContext } from '../context.ts';
import { GtError } from '../core/errors.ts';
import { refuseStranger } from '../sessions/own-session.ts';

/** The town, for a command that writes in the caller's name. Throws what `refuseStranger` throws. */
export async function actingTown(app: AppContext): Promise<TownContext> {
  const town = await app.town();
  await refuseStranger(town);
  return town;
}

/**
 * For hooks, which go on whatever happens: why they must change nothing, as one line; undefined = they may act.
 */
export async function strangerLine(town: TownContext): Promise<string | undefined> {
  try {
    await refuseStranger(town);
    return undefined;
  } catch (error) {
    if (error instanceof GtError) return error.message;
    throw error;
  }
}

/** GT_SPAWN of the session this command runs in; undefined outside a session. */
export function spawnOf(app: AppContext): number | undefined {
  const spawn = Number(app.env['GT_SPAWN'] ?? '');
  return Number.isSafeInteger(spawn) && spawn > 0 ? spawn : undefined;
}

/** The runtime's own id of the conversation this command runs in; '' = it does not say. */
export function conversationOf(app: AppContext): string {
  return app.env['CLAUDE_CODE_SESSION_ID'] ?? app.env['GT_SESSION_ID'] ?? '';
}
