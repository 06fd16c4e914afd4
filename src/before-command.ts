import type { AppContext } from './context.ts';
import type { SessionName } from './core/names.ts';
import { messageOf } from './core/errors.ts';

const SESSION = /^[A-Za-z0-9_-]{1,100}$/;
/** Roles whose life is judged by their heartbeat. */
const WATCHED = /(?:^|\/)(?:polecats?|crew|dogs?)(?:\/|$)/;

/**
 * Steps before every gt command that is not `instant`. Each is best effort: what fails here would say nothing about
 * the command itself.
 */
export async function beforeCommand(app: AppContext): Promise<void> {
  const { GT_SESSION: session = '', GT_ROLE: role = '', GT_SPAWN: spawn = '' } = app.env;
  if (!SESSION.test(session) || !WATCHED.test(role)) return;
  try {
    const [{ touchHeartbeat }, { refuseStranger }] = await Promise.all([
      import('./town/heartbeat.ts'),
      import('./sessions/own-session.ts'),
    ]);
    const town = await app.town();
    await refuseStranger(town);
    await touchHeartbeat(town, session as SessionName, /^\d+$/.test(spawn) ? Number(spawn) : undefined);
  } catch (error) {
    app.machine.log.debug('heartbeat not written', { why: messageOf(error) });
  }
}
