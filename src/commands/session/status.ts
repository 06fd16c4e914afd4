import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { findTarget } from '../../sessions/target.ts';
import { renderSession } from '../../ui/text/session.ts';
import { isAttached, readRoleStatus } from '../../watchdog/roles/status.ts';

export const schema = z.object({
  rig: z.string(),
  polecat: z.string(),
  address: z.string(),
  session_id: z.string(),
  running: z.boolean(),
  state: z.string(),
  reason: z.optional(z.string()),
  attached: z.boolean(),
  windows: z.number(),
  runtime: z.optional(z.string()),
  issue: z.optional(z.string()),
  spawn: z.optional(z.number()),
  pid: z.optional(z.number()),
  exit: z.optional(z.object({ code: z.nullable(z.number()), signal: z.nullable(z.string()) })),
  created_at: z.optional(z.string()),
  last_activity: z.optional(z.string()),
  uptime_seconds: z.optional(z.number()),
});
export type SessionData = z.infer<typeof schema>;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { address } = await findTarget(town, input.arg('agent'));
  const status = await readRoleStatus(town, address);
  const { seen, session, tmux } = status;
  const state = 'state' in seen ? seen.state : undefined;
  const reason = seen.kind === 'unreadable' ? seen.why : state?.reason;
  const now = town.ports.clock.now();
  const running = seen.kind === 'live';
  const data: SessionData = {
    rig: 'rig' in address ? address.rig : '',
    polecat: address.role === 'polecat' ? address.name : '',
    address: formatAddress(address),
    session_id: session,
    running,
    state: running ? seen.state.state : seen.kind,
    ...(reason === undefined ? {} : { reason }),
    attached: isAttached(status),
    windows: tmux?.windows ?? 0,
    ...(state === undefined ? {} : { runtime: state.runtime, spawn: state.spawn, created_at: state.started }),
    ...(state?.bead === undefined ? {} : { issue: state.bead }),
    ...(running && state?.child !== undefined ? { pid: state.child.pid } : {}),
    ...(state?.exit === undefined ? {} : { exit: state.exit }),
    ...(state?.lastOutput === undefined ? {} : { last_activity: state.lastOutput }),
    ...(running ? { uptime_seconds: secondsSince(seen.state.started, now) } : {}),
  };
  return { data, text: renderSession(data, { now, paint: app.output.style }) };
}

function secondsSince(time: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
}
