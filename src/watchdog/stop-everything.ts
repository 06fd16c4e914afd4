import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { listRigPlaces } from '../rig/registry.ts';
import type { RigPlace } from '../rig/registry.ts';
import { addressOfSession } from '../sessions/session-address.ts';
import { readWanted } from '../town/wanted.ts';
import type { Hands } from './hands.ts';

/** Sessions stopped side by side. */
const AT_ONCE = 10;

/** Ends every live session of the town, but those that it was taken down around. Returns one line for each that would not go. */
export async function stopEverything(ctx: TownContext, hands: Hands): Promise<readonly string[]> {
  return stopEach(hands, await doomedSessions(ctx));
}

/** Returns one line for each that would not go. */
export async function stopEach(hands: Hands, sessions: readonly SessionName[]): Promise<readonly string[]> {
  const troubles: string[] = [];
  for (let index = 0; index < sessions.length; index += AT_ONCE) {
    const batch = sessions.slice(index, index + AT_ONCE).map(async (session) => {
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

/** Live sessions that do not belong in a town that is down: all, or all but crew. */
export async function doomedSessions(ctx: TownContext): Promise<readonly SessionName[]> {
  const live = await liveSessions(ctx);
  if (live.length === 0 || (await readWanted(ctx)).spares === undefined) return live;
  const rigs = await listRigPlaces(ctx);
  return live.filter((session) => !isCrew(session, rigs));
}

/** Those of a rig that cannot be read are known by their names alone. */
export function isCrew(session: SessionName, rigs: readonly RigPlace[]): boolean {
  const address = addressOfSession(session, rigs);
  return address === undefined ? session.includes('-crew-') : address.role === 'crew';
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
