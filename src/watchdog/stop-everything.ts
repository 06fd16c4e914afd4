import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { Hands } from './hands.ts';

/** Sessions stopped side by side. */
const AT_ONCE = 10;

/** Ends every live session of the town. Returns one line for each that would not go. */
export async function stopEverything(ctx: TownContext, hands: Hands): Promise<readonly string[]> {
  const live = await liveSessions(ctx);
  const troubles: string[] = [];
  for (let index = 0; index < live.length; index += AT_ONCE) {
    const batch = live.slice(index, index + AT_ONCE).map(async (session) => {
      try {
        await hands.stopSession(session);
      } catch (error) {
        troubles.push(`${session}: ${messageOf(error)}`);
      }
    });
    await Promise.all(batch);
  }
  return troubles;
}

/** Sessions whose host or agent may still run; one that cannot be read counts as running. */
export async function liveSessions(ctx: TownContext): Promise<readonly SessionName[]> {
  const names = await ctx.ports.panes.list();
  const observed = await Promise.all(
    names.map(async (session) => ({ session, seen: await ctx.ports.panes.observe(session) })),
  );
  return observed
    .filter(({ seen }) => seen.kind === 'live' || seen.kind === 'unreadable')
    .map(({ session }) => session);
}
