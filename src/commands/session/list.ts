import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { observeSessions } from '../../sessions/observe.ts';
import type { SessionView } from '../../sessions/observe.ts';
import { renderSessionList } from '../../ui/text/session.ts';
import { sessionFields, sessionRow } from './row.ts';

export const schema = z.array(
  z.object({ ...sessionFields, bead: z.optional(z.string()), started_at: z.optional(z.string()) }),
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

function rowOf(view: SessionView) {
  const state = 'state' in view.seen ? view.seen.state : undefined;
  return {
    ...sessionRow(view),
    ...(state?.bead === undefined ? {} : { bead: state.bead }),
    ...(state === undefined ? {} : { started_at: state.started }),
  };
}
