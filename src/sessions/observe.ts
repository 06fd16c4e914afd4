import type { AgentAddress } from '../core/address.ts';
import { formatAddress } from '../core/address.ts';
import type { SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import type { PaneObservation } from '../ports/panes.ts';
import type { TmuxSession } from '../ports/tmux.ts';
import { listRigPlaces } from '../rig/registry.ts';
import { addressOfSession } from './session-address.ts';

/** One session of the town with everything that is known about it. */
export interface SessionView {
  readonly session: SessionName;
  /** Undefined for a session that no registered prefix explains. */
  readonly address: AgentAddress | undefined;
  readonly seen: PaneObservation;
  /** Its tmux session, when it runs in tmux. */
  readonly tmux: TmuxSession | undefined;
}

/** All sessions that have a state file, by agent. */
export async function observeSessions(ctx: TownContext): Promise<readonly SessionView[]> {
  const [names, inTmux, rigs] = await Promise.all([
    ctx.ports.panes.list(),
    tmuxSessions(ctx),
    listRigPlaces(ctx),
  ]);
  const views = await Promise.all(
    names.map(async (session) => ({
      session,
      address: addressOfSession(session, rigs),
      seen: await ctx.ports.panes.observe(session),
      tmux: inTmux.find(({ name }) => name === session),
    })),
  );
  const key = ({ address, session }: SessionView): string =>
    address === undefined ? session : formatAddress(address);
  return views.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function tmuxSessions(ctx: TownContext): Promise<readonly TmuxSession[]> {
  return (await ctx.ports.tmux.version()) === undefined ? [] : ctx.ports.tmux.sessions();
}
