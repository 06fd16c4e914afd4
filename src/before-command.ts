import type { AppContext } from './context.ts';
import type { SessionName } from './core/names.ts';
import { RefusedError, messageOf } from './core/errors.ts';

const SESSION = /^[A-Za-z0-9_-]{1,100}$/;
/** Roles whose life is judged by their heartbeat. */
const WATCHED = /(?:^|\/)(?:polecats?|crew|dogs?)(?:\/|$)/;

/**
 * Steps before every gt command of an agent that is not `instant`: its heartbeat, unless it is not who it says.
 * Returns that as a line to print beside the answer. Best effort: what else fails would say nothing about the
 * command itself.
 */
export async function beforeCommand(app: AppContext): Promise<readonly string[]> {
  const { GT_SESSION: session = '', GT_ROLE: role = '', GT_SPAWN: spawn = '' } = app.env;
  if (role === '') return [];
  try {
    const { refuseStranger } = await import('./sessions/own-session.ts');
    const town = await app.town();
    await refuseStranger(town);
    if (!SESSION.test(session) || !WATCHED.test(role)) return [];
    const { touchHeartbeat } = await import('./town/heartbeat.ts');
    await touchHeartbeat(town, session as SessionName, {
      spawn: /^\d+$/.test(spawn) ? Number(spawn) : undefined,
    });
  } catch (error) {
    if (error instanceof RefusedError) return [error.message];
    app.machine.log.debug('heartbeat not written', { why: messageOf(error) });
  }
  return [];
}
