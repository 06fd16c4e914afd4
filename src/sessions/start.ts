import { join } from 'node:path';
import type { AgentAddress } from '../core/address.ts';
import { endOf } from '../core/process-end.ts';
import { formatAddress, sessionOf } from '../core/address.ts';
import { ExternalError, RefusedError, UnreadableError } from '../core/errors.ts';
import type { Prefix, SessionName } from '../core/names.ts';
import type { TownContext } from '../beads/context.ts';
import type { HeldLock } from '../ports/locks.ts';
import type { PaneStart, PaneState } from '../ports/panes.ts';
import { planLaunch } from '../runtimes/launch.ts';
import type { Resume } from '../runtimes/launch.ts';
import { accountEnv } from '../runtimes/accounts.ts';
import { ensureProviderFiles } from '../runtimes/provider-files.ts';
import { ensureSlashCommands } from '../runtimes/slash-commands.ts';
import { seedTrust } from '../runtimes/trust.ts';
import type { RuntimeRecord } from '../runtimes/types.ts';
import { emitEvent } from '../town/events.ts';
import { panePaths, rigPaths } from '../town/layout.ts';
import { agentEnv, testEnv } from './agent-env.ts';
import { lookOf } from './look/read.ts';
import { mustStop } from './stop.ts';

export interface SessionRequest {
  readonly address: AgentAddress;
  readonly prefix: Prefix;
  /** Number of this start, from the agent's row. */
  readonly spawn: number;
  readonly runtime: RuntimeRecord;
  /** Where the agent works: a folder that gt has made. */
  readonly cwd: string;
  readonly bead?: string | undefined;
  readonly branch?: string | undefined;
  /** What the agent is told first. */
  readonly prompt?: string | undefined;
  /** Go on with an earlier conversation. */
  readonly resume?: Resume | undefined;
  /** Login of the runtime; default: the town's. */
  readonly account?: string | undefined;
  /** Further variables; they win. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface StartedSession {
  readonly session: SessionName;
  /** `in-place` = its host goes on with another agent · `already` = this start had been made before. */
  readonly how: 'tmux' | 'detached' | 'in-place' | 'already';
}

/** A host shows itself in about 0.1 s; a loaded machine gets more. */
const APPEAR_MS = 20_000;
const POLL_MS = 50;
const LOCK_MS = 30_000;

/**
 * Starts the agent's session, in tmux when that is installed, else detached. Done before with this spawn number =
 * nothing happens, whatever became of it: a dead session is started again with the next number. An older start that
 * still lives is stopped first. ExternalError `session.not-started`, UnavailableError `session.will-not-stop`, RefusedError
 * `session.superseded`, UnreadableError `session.unreadable`.
 */
export async function startSession(ctx: TownContext, request: SessionRequest): Promise<StartedSession> {
  const session = sessionOf(request.address, request.prefix);
  await using _lock = await lockSession(ctx, session);
  return await startLocked(ctx, request);
}

/** Starts and stops of one session exclude each other. */
export function lockSession(ctx: TownContext, session: SessionName): Promise<HeldLock> {
  return ctx.ports.locks.acquire(`session-${session}`, {
    waitMs: LOCK_MS,
    purpose: `start session ${session}`,
  });
}

/** `startSession` for a caller that holds the session's lock. */
export async function startLocked(ctx: TownContext, request: SessionRequest): Promise<StartedSession> {
  const session = sessionOf(request.address, request.prefix);
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'unreadable') {
    throw new UnreadableError({
      code: 'session.unreadable',
      message: `cannot look at session ${session}: ${seen.why}`,
    });
  }
  if (seen.kind !== 'none' && seen.state.spawn > request.spawn)
    throw superseded(ctx, session, seen.state.spawn);
  if (seen.kind !== 'none' && seen.state.spawn === request.spawn) return { session, how: 'already' };
  const inside = seen.kind === 'live' && isInside(ctx, session);
  if (seen.kind !== 'none' && !inside) await mustStop(ctx, session, { keepPane: true });
  if (seen.kind !== 'none') await tellEnd(ctx, request, session);
  await ctx.ports.panes.prepare(await planStart(ctx, request, session));
  const how = inside ? await replaceSelf(ctx, request, session) : await startHost(ctx, request, session);
  await appeared(ctx, session, request.spawn);
  return { session, how };
}

/**
 * The host's file says how a start ended until the next one writes its own: from then on this event does. What was
 * live until now is ending because of us.
 */
async function tellEnd(ctx: TownContext, { address }: SessionRequest, session: SessionName): Promise<void> {
  const seen = await ctx.ports.panes.observe(session);
  if (!('state' in seen)) return;
  const { state } = seen;
  const now = new Date(ctx.ports.clock.now()).toISOString();
  const ended = { exited: state.since, live: now, gone: '' }[seen.kind];
  const reason = { exited: endOf(state) ?? '', live: 'handed over', gone: 'died without a word' }[seen.kind];
  await emitEvent(ctx, {
    type: 'session_end',
    actor: formatAddress(address),
    visibility: 'audit',
    payload: {
      session,
      spawn: state.spawn,
      session_id: state.conversation ?? '',
      role: formatAddress(address),
      topic: state.bead ?? '',
      runtime: state.runtime,
      started: state.started,
      ended,
      reason,
    },
  });
}

/** We run below the agent of that session, and end with it. */
function isInside(ctx: TownContext, session: SessionName): boolean {
  return ctx.env['GT_SESSION'] === session;
}

/** Our own host does it: who stopped the session first would not live to start the next. */
async function replaceSelf(
  ctx: TownContext,
  { spawn }: SessionRequest,
  session: SessionName,
): Promise<'in-place'> {
  await ctx.ports.panes.restart(session, spawn);
  return 'in-place';
}

/** A number below the last one is of a start that is over, or of an agent row that was made anew. */
function superseded(ctx: TownContext, session: SessionName, last: number): RefusedError {
  return new RefusedError({
    code: 'session.superseded',
    message: `session ${session} has already had start ${last}`,
    hint: `If its agent was created anew, remove ${panePaths(ctx.paths, session).state}`,
  });
}

/** Everything the host is told, and the files its agent will look for. */
async function planStart(
  ctx: TownContext,
  request: SessionRequest,
  session: SessionName,
): Promise<PaneStart> {
  const { runtime, address } = request;
  const conversation = ctx.ports.random.uuid();
  const hooks = await ensureProviderFiles(ctx, { address, runtime, cwd: request.cwd });
  await ensureSlashCommands(ctx, { role: address.role, runtime, cwd: request.cwd });
  const { prompt, resume } = request;
  const lookUp = isInside(ctx, session) ? withOwnValues(ctx.env, runtime) : ctx.env;
  const launch = planLaunch({ runtime, prompt, resume, conversation, hooks, lookUp });
  const env = await agentEnv(ctx, { ...request, conversation: launch.conversation ?? conversation });
  const login = await accountEnv(ctx, runtime, request.account);
  const complete = { ...env, ...login, ...launch.env, ...request.env };
  const trust = await seedTrust(ctx, runtime, complete, await foldersOf(ctx, request));
  if (typeof trust === 'object') ctx.ports.log.warn('trust was not seeded', { why: trust.skipped });
  return {
    session,
    spawn: request.spawn,
    argv: launch.argv,
    env: complete,
    ...(Object.keys(runtime.rootEnv).length === 0 ? {} : { rootEnv: runtime.rootEnv }),
    cwd: request.cwd,
    runtime: runtime.name,
    ...(request.bead === undefined ? {} : { bead: request.bead }),
    ...(launch.conversation === undefined ? {} : { conversation: launch.conversation }),
    ...(resume === undefined ? {} : { resumed: true }),
    ...(request.account === undefined ? {} : { account: request.account }),
    ...(launch.typedPrompt === undefined ? {} : { prompt: launch.typedPrompt }),
    rules: runtime.rules,
  };
}

/** An agent's environment has the values of its record's `$NAME` entries, but not under those names. */
function withOwnValues(env: TownContext['env'], runtime: RuntimeRecord): TownContext['env'] {
  const own = Object.entries(runtime.env).flatMap(([key, value]) => {
    const held = env[key];
    return value.startsWith('$') && held !== undefined ? [[value.slice(1), held] as const] : [];
  });
  return { ...Object.fromEntries(own), ...env };
}

/** What the agent may trust: the rig's repository stands for all worktrees made from it. */
async function foldersOf(ctx: TownContext, { address, cwd }: SessionRequest): Promise<readonly string[]> {
  const inWorktree = address.role === 'polecat' || address.role === 'refinery';
  const folder = inWorktree ? rigPaths(ctx.root, address.rig).bare : cwd;
  const real = await ctx.ports.files.realPath(folder);
  return real === undefined ? [] : [real];
}

async function startHost(
  ctx: TownContext,
  request: SessionRequest,
  session: SessionName,
): Promise<'tmux' | 'detached'> {
  const { tmux, panes, processes } = ctx.ports;
  const argv = panes.hostArgv(session);
  const env = hostEnv(ctx, request, session);
  if ((await tmux.version()) !== undefined) {
    const look = await lookOf(ctx, request.address, session);
    await tmux.start({ session, cwd: request.cwd, argv, env, look });
    return 'tmux';
  }
  await processes.startDetached({
    argv,
    cwd: request.cwd,
    env: { ...env, PATH: ctx.env['PATH'] ?? '/usr/bin:/bin', HOME: ctx.env['HOME'] ?? '/' },
    logFile: hostLog(ctx, session),
  });
  return 'detached';
}

/** The little that the host itself needs, and what other tools look for in a session's environment. */
function hostEnv(
  ctx: TownContext,
  { runtime }: SessionRequest,
  session: SessionName,
): Record<string, string> {
  const inherited = ['XDG_RUNTIME_DIR', 'LANG', 'LC_ALL', 'TMPDIR'].flatMap((name) => {
    const value = ctx.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...testEnv(ctx.env),
    GT_TOWN_ROOT: ctx.root,
    GT_SESSION: session,
    GT_AGENT: runtime.name,
    GT_PROCESS_NAMES: runtime.processNames.join(','),
  };
}

/** Until the host has written that this start lives (or how it ended). */
async function appeared(ctx: TownContext, session: SessionName, spawn: number): Promise<void> {
  const { panes, clock } = ctx.ports;
  const until = clock.monotonic() + APPEAR_MS;
  for (;;) {
    const seen = await panes.observe(session);
    const state = 'state' in seen ? seen.state : undefined;
    if (state !== undefined && state.spawn >= spawn) return refuseUnstarted(session, state);
    if (clock.monotonic() >= until) break;
    await clock.sleep(POLL_MS);
  }
  throw new ExternalError({
    code: 'session.not-started',
    message: `session ${session} did not show itself within ${APPEAR_MS / 1000} s`,
    hint: `See ${hostLog(ctx, session)}, or the pane: gt attach ${session}`,
  });
}

function refuseUnstarted(session: SessionName, state: PaneState): void {
  if (state.child !== undefined || state.exit === undefined) return;
  throw new ExternalError({
    code: 'session.not-started',
    message: `session ${session}: ${state.reason ?? 'not started'}`,
    hint: 'Check the agent: gt config agent list',
  });
}

function hostLog(ctx: TownContext, session: SessionName): string {
  return join(ctx.paths.panesDir, `${session}.log`);
}
