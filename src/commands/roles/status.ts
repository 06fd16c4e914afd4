import * as z from 'zod/mini';
import type { CommandInput, CommandModule, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { listPolecats } from '../../polecat/list.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderRoleStatus } from '../../ui/text/roles.ts';
import { readBeat, readPause } from '../../watchdog/deacon-rounds.ts';
import type { DeaconBeat } from '../../watchdog/deacon-rounds.ts';
import { isAttached, readRoleStatus } from '../../watchdog/roles/status.ts';
import type { RoleStatus } from '../../watchdog/roles/status.ts';
import { addressOf } from './role-command.ts';

const heartbeatSchema = z.object({
  timestamp: z.string(),
  age_seconds: z.number(),
  cycle: z.number(),
  last_action: z.string(),
  fresh: z.boolean(),
  stale: z.boolean(),
  very_stale: z.boolean(),
});

export const schema = z.object({
  running: z.boolean(),
  session: z.string(),
  state: z.string(),
  reason: z.optional(z.string()),
  attached: z.boolean(),
  runtime: z.optional(z.string()),
  started_at: z.optional(z.string()),
  wanted: z.enum(['up', 'down', 'on demand']),
  /** The daemon does this role's work. */
  watched_by_daemon: z.optional(z.boolean()),
  paused: z.optional(z.boolean()),
  heartbeat: z.optional(heartbeatSchema),
  rig_name: z.optional(z.string()),
  monitored_polecats: z.optional(z.array(z.string())),
});

/** `gt <role> status`; that of the refinery is about its queue. */
export function statusOf(role: 'mayor' | 'deacon' | 'witness'): CommandModule {
  return { schema, run: (app, input) => run(app, input, role) };
}

async function run(
  app: AppContext,
  input: CommandInput,
  role: 'mayor' | 'deacon' | 'witness',
): Promise<CommandReply> {
  const ctx = await app.town();
  const status = await readRoleStatus(ctx, await addressOf(ctx, role, { app, input }));
  const running = status.seen.kind === 'live';
  if (role === 'mayor' && input.bool('running')) return { text: running ? 'running' : 'stopped' };
  const more = await moreOf(ctx, status);
  return {
    data: { ...dataOf(status), ...more },
    text: renderRoleStatus(status, {
      polecats: more.monitored_polecats,
      isPaused: more.paused === true,
      now: ctx.ports.clock.now(),
      paint: app.output.style,
    }),
  };
}

function dataOf(status: RoleStatus) {
  const { seen, session, asked } = status;
  const state = 'state' in seen ? seen.state : undefined;
  const reason = seen.kind === 'unreadable' ? seen.why : state?.reason;
  return {
    running: seen.kind === 'live',
    session,
    state: seen.kind === 'live' ? seen.state.state : seen.kind,
    ...(reason === undefined ? {} : { reason }),
    attached: isAttached(status),
    ...(state === undefined ? {} : { runtime: state.runtime, started_at: state.started }),
    wanted: asked ?? ('on demand' as const),
  };
}

interface More {
  readonly watched_by_daemon?: boolean;
  readonly paused?: boolean;
  readonly heartbeat?: z.infer<typeof heartbeatSchema>;
  readonly rig_name?: string;
  readonly monitored_polecats?: string[];
}

async function moreOf(ctx: TownContext, status: RoleStatus): Promise<More> {
  const { address, daemon } = status;
  if (address.role === 'deacon') {
    return {
      watched_by_daemon: daemon.running,
      paused: (await readPause(ctx)) !== undefined,
      ...heartbeatOf(status, await readBeat(ctx), ctx.ports.clock.now()),
    };
  }
  if (address.role !== 'witness') return {};
  const rig = await rigNamed(ctx, address.rig);
  const polecats = (await listPolecats(ctx, rig)).filter(({ verdict }) => verdict.state !== 'nuked');
  return {
    watched_by_daemon: daemon.running && status.wanted === 'up',
    rig_name: address.rig,
    monitored_polecats: polecats.map(({ name }) => name),
  };
}

const STALE_MS = 5 * 60_000;
const VERY_STALE_MS = 20 * 60_000;

/** The daemon's, which makes the deacon's rounds, or that of a deacon agent, whichever is the newer. */
function heartbeatOf(
  { daemon }: RoleStatus,
  own: DeaconBeat | undefined,
  now: number,
): Pick<More, 'heartbeat'> {
  const ofDaemon = daemon.running
    ? { timestamp: daemon.lastHeartbeat, cycle: daemon.heartbeats, lastAction: '' }
    : undefined;
  const [newest] = [ofDaemon, own]
    .filter((beat) => beat !== undefined && beat.timestamp !== '')
    .sort((a, b) => ((a?.timestamp ?? '') < (b?.timestamp ?? '') ? 1 : -1));
  if (newest === undefined) return {};
  const age = Math.max(0, now - Date.parse(newest.timestamp));
  return {
    heartbeat: {
      timestamp: newest.timestamp,
      age_seconds: Math.floor(age / 1000),
      cycle: newest.cycle,
      last_action: newest.lastAction,
      fresh: age < STALE_MS,
      stale: age >= STALE_MS && age < VERY_STALE_MS,
      very_stale: age >= VERY_STALE_MS,
    },
  };
}
