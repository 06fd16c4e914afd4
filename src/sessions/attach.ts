import { NotFoundError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import type { AttachEnd } from '../ports/panes.ts';

/**
 * Shows the session in the calling terminal until the person leaves it: through tmux where it runs there (also its
 * dead pane can be looked at), else straight from its host. NotFoundError `session.not-running`.
 */
export async function attachSession(ctx: TownContext, session: SessionName): Promise<AttachEnd> {
  const { tmux, panes } = ctx.ports;
  const inTmux =
    (await tmux.version()) !== undefined && (await tmux.sessions()).some(({ name }) => name === session);
  if (inTmux) {
    await tmux.attach(session);
    return 'detached';
  }
  const seen = await panes.observe(session);
  if (seen.kind === 'live') return panes.attach(session);
  throw new NotFoundError({
    code: 'session.not-running',
    message: `session ${session} is not running`,
    hint: seen.kind === 'none' ? 'Run: gt session list' : `See its last screen: gt peek ${session}`,
  });
}
