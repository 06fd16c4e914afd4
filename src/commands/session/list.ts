import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { observeSessions } from '../../sessions/observe.ts';
import type { SessionView } from '../../sessions/observe.ts';
import { renderSessionList } from '../../ui/text/session.ts';

export const schema = z.array(
  z.object({
    rig: z.string(),
    polecat: z.string(),
    address: z.string(),
    session_id: z.string(),
    running: z.boolean(),
    state: z.string(),
    reason: z.optional(z.string()),
    attached: z.boolean(),
    runtime: z.optional(z.string()),
    bead: z.optional(z.string()),
    spawn: z.optional(z.number()),
    started_at: z.optional(z.string()),
    last_activity: z.optional(z.string()),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rig = input.flag('rig');
  const rows = (await observeSessions(town))
    .map(rowOf)
    .filter((row) => (input.bool('all') || row.running) && (rig === undefined || row.rig === rig));
  return {
    data: rows,
    text: renderSessionList(rows, { now: town.ports.clock.now(), paint: app.output.style }),
  };
}

function rowOf({ session, address, seen, tmux }: SessionView) {
  const state = 'state' in seen ? seen.state : undefined;
  return {
    rig: address !== undefined && 'rig' in address ? address.rig : '',
    polecat: address?.role === 'polecat' ? address.name : '',
    address: address === undefined ? session : formatAddress(address),
    session_id: session,
    running: seen.kind === 'live',
    state: seen.kind === 'live' ? seen.state.state : seen.kind,
    ...(seen.kind === 'unreadable' ? { reason: seen.why } : {}),
    ...(state?.reason === undefined ? {} : { reason: state.reason }),
    attached: state?.attached === true || (tmux?.attached ?? 0) > 0,
    ...(state === undefined ? {} : { runtime: state.runtime, spawn: state.spawn, started_at: state.started }),
    ...(state?.bead === undefined ? {} : { bead: state.bead }),
    ...(state?.lastOutput === undefined ? {} : { last_activity: state.lastOutput }),
  };
}
