import { readAgentRow, writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress, sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Prefix } from '../core/names.ts';
import { agentPlace } from '../rig/agent-place.ts';
import type { AgentPlace } from '../rig/agent-place.ts';
import type { Resume } from '../runtimes/launch.ts';
import { resolveRuntime } from '../runtimes/resolve.ts';
import { readRoleDefinition, roleWords } from '../runtimes/role-definition.ts';
import type { RuntimeRecord } from '../runtimes/types.ts';
import { agentHome } from '../town/agent-home.ts';
import { emitEvent } from '../town/events.ts';
import { lastConversation } from './last-conversation.ts';
import { lockSession, startLocked } from './start.ts';
import type { StartedSession } from './start.ts';

export interface AgentStart {
  readonly address: AgentAddress;
  /** `--agent`: name of a runtime; default: what settings choose. */
  readonly agent?: string | undefined;
  /** What the agent is told first. */
  readonly prompt?: string | undefined;
  readonly bead?: string | undefined;
  readonly branch?: string | undefined;
  /** Login of the runtime; default: the town's. */
  readonly account?: string | undefined;
  /** Further variables; they win. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Go on with an earlier conversation; `last` = with that of its last session, if the runtime can. */
  readonly resume?: Resume | 'last' | undefined;
  /** argv put before the runtime's own wrapper (a sandbox). */
  readonly execWrapper?: readonly string[] | undefined;
  /** A session that lives is ended and started anew; default: it is left alone. */
  readonly fresh?: boolean | undefined;
}

export interface StartedAgent extends StartedSession {
  readonly spawn: number;
  readonly runtime: string;
  /** It goes on with an earlier conversation. */
  readonly resumed: boolean;
}

/**
 * Starts the session of an agent in its home, with the next spawn number of its row; one that lives already is left
 * alone (`already`) unless `fresh`. Work that is dispatched to a polecat starts it by `src/polecat/dispatch` instead.
 * NotFoundError `agent.no-home`, and what `resolveRuntime` and `startSession` throw.
 */
export async function startAgent(ctx: TownContext, start: AgentStart): Promise<StartedAgent> {
  const { address } = start;
  const place = await agentPlace(ctx, address);
  const session = sessionOf(address, place.prefix);
  const runtime = await runtimeFor(ctx, start);
  const cwd = await homeOf(ctx, address);
  await using _lock = await lockSession(ctx, session);
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'live' && start.fresh !== true) {
    const { spawn, runtime: running } = seen.state;
    return { session, how: 'already', spawn, runtime: running, resumed: seen.state.resumed === true };
  }
  const last = 'state' in seen ? seen.state.spawn : 0;
  const spawn = await nextSpawn(ctx, place, { address, last });
  const resume = start.resume === 'last' ? lastConversation(seen, runtime) : start.resume;
  const prompt =
    start.prompt ?? (resume === undefined ? await roleNudge(ctx, address, place.prefix) : undefined);
  const request = { ...start, resume, prompt, prefix: place.prefix, spawn, runtime, cwd };
  const started = await startLocked(ctx, request);
  const rig = 'rig' in address ? { rig: address.rig } : {};
  await emitEvent(ctx, { type: 'spawn', payload: { ...rig, agent: formatAddress(address), spawn } });
  return { ...started, spawn, runtime: runtime.name, resumed: resume !== undefined };
}

/** What the operator wants said to agents of this role; by default nothing is, and they wait (P3). */
async function roleNudge(
  ctx: TownContext,
  address: AgentAddress,
  prefix: Prefix,
): Promise<string | undefined> {
  const rig = 'rig' in address ? address.rig : undefined;
  const definition = await readRoleDefinition(ctx, address.role, rig);
  return roleWords(definition, { root: ctx.root, address, prefix }).nudge;
}

async function runtimeFor(ctx: TownContext, start: AgentStart): Promise<RuntimeRecord> {
  const { address, agent, execWrapper = [] } = start;
  const rig = 'rig' in address ? address.rig : undefined;
  const worker = 'name' in address ? address.name : undefined;
  const runtime = await resolveRuntime(ctx, { agent, role: address.role, rig, worker });
  return { ...runtime, execWrapper: [...execWrapper, ...runtime.execWrapper] };
}

/** Folders of ours are made; a clone or worktree must be there. */
async function homeOf(ctx: TownContext, address: AgentAddress): Promise<string> {
  const { files } = ctx.ports;
  const home = agentHome(ctx.root, address);
  if ((await files.stat(home))?.kind === 'dir') return home;
  if (address.role === 'polecat' || address.role === 'crew' || address.role === 'refinery') {
    throw new NotFoundError({
      code: 'agent.no-home',
      message: `${formatAddress(address)} has no folder ${home}`,
      hint:
        address.role === 'crew' ? `Run: gt crew add ${address.name} --rig ${address.rig}` : 'Run: gt status',
    });
  }
  await files.makeDir(home);
  return home;
}

/** Above the row's number and above the last one that a pane host has seen (a row may have been made anew). */
async function nextSpawn(
  ctx: TownContext,
  { database, prefix }: AgentPlace,
  { address, last }: { readonly address: AgentAddress; readonly last: number },
): Promise<number> {
  const agentState = address.role === 'polecat' ? 'spawning' : 'running';
  const ledger = await ctx.ledgers.open(database);
  return ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const row = await readAgentRow(tx, address, prefix);
    const spawn = Math.max(row?.spawn ?? 0, last) + 1;
    await writeAgentRow(tx, address, prefix, { agentState, spawn });
    return spawn;
  });
}
