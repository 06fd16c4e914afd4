import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findTarget } from '../../sessions/target.ts';
import { renderSession } from '../../ui/text/session.ts';
import { readRoleStatus } from '../../watchdog/roles/status.ts';
import { sessionFields, sessionRow } from './row.ts';

export const schema = z.object({
  ...sessionFields,
  windows: z.number(),
  issue: z.optional(z.string()),
  pid: z.optional(z.number()),
  exit: z.optional(z.object({ code: z.nullable(z.number()), signal: z.nullable(z.string()) })),
  created_at: z.optional(z.string()),
  uptime_seconds: z.optional(z.number()),
});
export type SessionData = z.infer<typeof schema>;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { address } = await findTarget(town, input.arg('agent'));
  const status = await readRoleStatus(town, address);
  const { seen, tmux } = status;
  const state = 'state' in seen ? seen.state : undefined;
  const now = town.ports.clock.now();
  const data: SessionData = {
    ...sessionRow(status),
    windows: tmux?.windows ?? 0,
    ...(state === undefined ? {} : { created_at: state.started }),
    ...(state?.bead === undefined ? {} : { issue: state.bead }),
    ...(seen.kind === 'live' && seen.state.child !== undefined ? { pid: seen.state.child.pid } : {}),
    ...(state?.exit === undefined ? {} : { exit: state.exit }),
    ...(seen.kind === 'live' ? { uptime_seconds: secondsSince(seen.state.started, now) } : {}),
  };
  return { data, text: renderSession(data, { now, paint: app.output.style }) };
}

function secondsSince(time: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
}
