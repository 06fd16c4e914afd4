import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { ExternalError, RefusedError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import { polecatNamed } from '../../polecat/list.ts';
import { renewWorker, respawnWorker } from '../../polecat/dispatch/roll-forward.ts';
import { rigNamed } from '../../rig/registry.ts';
import { startAgent } from '../../sessions/start-agent.ts';
import { wakeDaemon } from '../../town/wake.ts';
import { refuseUnwanted, setAgentWanted, wantAgent } from '../../town/wanted.ts';
import type { WantedState } from '../../town/wanted.ts';
import { readDaemonStatus } from '../daemon-status.ts';
import type { DaemonStatus } from '../daemon-status.ts';
import { patrolPrompt } from './patrol-prompt.ts';
import { ROLE_RULES } from './rules.ts';

export interface RoleStart {
  readonly address: AgentAddress;
  /** `--agent`: name of a runtime. */
  readonly agent?: string | undefined;
  /** What it is told first; default: nothing, so that no model works before somebody asks it to. */
  readonly prompt?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A session that lives is replaced. */
  readonly fresh?: boolean | undefined;
}

export interface StartedRole {
  readonly session: SessionName;
  readonly how: 'started' | 'already';
  readonly spawn: number;
}

/** Its work is done by the daemon, which runs or does not. */
export interface WatchedRole {
  readonly daemon: DaemonStatus;
}

/**
 * Starts what a person asked for by the role's name: a session; or, for a role whose work is code and without a
 * runtime named, that code. Throws what `startRoleSession` throws.
 */
export async function startRole(ctx: TownContext, start: RoleStart): Promise<StartedRole | WatchedRole> {
  const { address, agent } = start;
  if (!ROLE_RULES[address.role].isCode || agent !== undefined) return startRoleSession(ctx, start);
  await refuseUnwanted(ctx, address);
  await wantAgent(ctx, address);
  await wakeDaemon(ctx, 'config');
  return { daemon: await readDaemonStatus(ctx) };
}

/**
 * Starts the session of any agent, or finds the one that lives. That it is wanted is written first, and taken back
 * when the start fails. RefusedError `town.down`, `rig.parked`, `polecat.no-work`, and what `startAgent` throws.
 */
export async function startRoleSession(ctx: TownContext, start: RoleStart): Promise<StartedRole> {
  const { address } = start;
  const before = await refuseUnwanted(ctx, address);
  if (address.role === 'polecat') return startWorker(ctx, address, start);
  const earlier = before.agents[formatAddress(address)];
  const wanted: WantedState | undefined = ROLE_RULES[address.role].isKept ? 'up' : undefined;
  if (earlier !== wanted) await setAgentWanted(ctx, address, wanted);
  try {
    const prompt = start.prompt ?? patrolPrompt(ctx, address);
    const { session, how, spawn } = await startAgent(ctx, { ...start, prompt });
    return { session, spawn, how: how === 'already' ? 'already' : 'started' };
  } catch (error) {
    if (earlier !== wanted) await setAgentWanted(ctx, address, earlier);
    throw error;
  }
}

type PolecatAddress = Extract<AgentAddress, { readonly role: 'polecat' | 'crew' }>;

/** A worker runs for the work that it holds, in the worktree where it left it. */
async function startWorker(
  ctx: TownContext,
  address: PolecatAddress,
  { fresh }: RoleStart,
): Promise<StartedRole> {
  const rig = await rigNamed(ctx, address.rig);
  const { work, seen, session } = await polecatNamed(ctx, rig, address.name);
  if (seen.kind === 'live' && fresh !== true) return { session, how: 'already', spawn: seen.state.spawn };
  const [bead] = work.held;
  if (bead === undefined) {
    throw new RefusedError({
      code: 'polecat.no-work',
      message: `${formatAddress(address)} holds no work to start for`,
      hint: `Run: gt sling <bead> ${formatAddress(address)}`,
    });
  }
  await wantAgent(ctx, address);
  const carried =
    fresh === true
      ? await renewWorker(ctx, rig, bead)
      : await respawnWorker(ctx, rig, { bead, death: 'forgiven' });
  if (carried.kind === 'carried') return { session, how: 'started', spawn: carried.spawn };
  throw new ExternalError({
    code: 'session.not-started',
    message: `session ${session}: ${carried.why}`,
    hint: `Run: gt polecat status ${address.rig}/${address.name}`,
  });
}
