import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { RefusedError, UnreadableError } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { refuseConflict } from '../town/identity.ts';
import { targetOf } from './target.ts';

/**
 * Whoever writes in the caller's name asks this first: an identity in doubt, another town, another session or one
 * that a newer start has replaced changes nothing (P18). RefusedError `identity.conflict`, `identity.replaced`;
 * UnreadableError `session.unreadable` when nobody can tell. People and callers outside a session pass.
 */
export async function refuseStranger(ctx: TownContext): Promise<void> {
  const { actor, conflict } = ctx;
  refuseConflict({ address: actor, conflict });
  const { GT_SESSION: said = '', GT_SPAWN: spawn = '' } = ctx.env;
  if (actor.role === 'overseer' || (said === '' && spawn === '')) return;
  const { session } = await targetOf(ctx, actor);
  if (said !== '' && said !== session) throw otherSession(actor, said);
  const newest = await newestSpawn(ctx, session);
  if (/^\d+$/.test(spawn) && Number(spawn) < newest) throw replaced(actor, { spawn, newest });
}

async function newestSpawn(ctx: TownContext, session: SessionName): Promise<number> {
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind !== 'unreadable') return seen.kind === 'none' ? 0 : seen.state.spawn;
  throw new UnreadableError({
    code: 'session.unreadable',
    message: `cannot look at session ${session}: ${seen.why}`,
  });
}

function otherSession(actor: AgentAddress, session: string): RefusedError {
  return new RefusedError({
    code: 'identity.conflict',
    message: `GT_ROLE says ${formatAddress(actor)}, GT_SESSION says ${session.slice(0, 60)}`,
    hint: 'Act in your own name: unset GT_ROLE, or leave the session',
  });
}

function replaced(
  actor: AgentAddress,
  { spawn, newest }: { readonly spawn: string; readonly newest: number },
): RefusedError {
  return new RefusedError({
    code: 'identity.replaced',
    message: `${formatAddress(actor)} has a newer session (start ${newest}); this is start ${spawn}`,
    hint: 'This session is over: end it',
  });
}
