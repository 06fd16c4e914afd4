import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { SessionName } from '../../core/names.ts';
import type { PaneObservation } from '../../ports/panes.ts';
import type { TmuxSession } from '../../ports/tmux.ts';
import { targetOf } from '../../sessions/target.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import type { WantedState } from '../../town/wanted.ts';
import { readDaemonStatus } from '../daemon-status.ts';
import type { DaemonStatus } from '../daemon-status.ts';

/** One agent of the town: its session, and who does its work without one. */
export interface RoleStatus {
  readonly address: AgentAddress;
  readonly session: SessionName;
  readonly seen: PaneObservation;
  /** Its session in tmux; undefined = none, or no tmux. */
  readonly tmux: TmuxSession | undefined;
  /** What a person asked for by name; undefined = nothing. */
  readonly asked: WantedState | undefined;
  /** Together with the wishes for its rig and the town. */
  readonly wanted: WantedState;
  readonly daemon: DaemonStatus;
}

export async function readRoleStatus(ctx: TownContext, address: AgentAddress): Promise<RoleStatus> {
  const { session } = await targetOf(ctx, address);
  const [seen, inTmux, wanted, daemon] = await Promise.all([
    ctx.ports.panes.observe(session),
    tmuxSessions(ctx),
    readWanted(ctx),
    readDaemonStatus(ctx),
  ]);
  return {
    address,
    session,
    seen,
    tmux: inTmux.find(({ name }) => name === session),
    asked: wanted.agents[formatAddress(address)],
    wanted: agentWanted(wanted, address),
    daemon,
  };
}

async function tmuxSessions({ ports: { tmux } }: TownContext): Promise<readonly TmuxSession[]> {
  return (await tmux.version()) === undefined ? [] : tmux.sessions();
}

export function isAttached({ seen, tmux }: Pick<RoleStatus, 'seen' | 'tmux'>): boolean {
  return (seen.kind === 'live' && seen.state.attached) || (tmux?.attached ?? 0) > 0;
}
