import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderAgents } from '../../ui/text/agents.ts';
import { listAgents, sectionsOf } from '../../watchdog/view/agent-list.ts';
import type { ListedAgent } from '../../watchdog/view/agent-list.ts';

export const schema = z.array(
  z.object({
    session: z.string(),
    address: z.string(),
    role: z.string(),
    rig: z.optional(z.string()),
    name: z.string(),
    state: z.string(),
    running: z.boolean(),
    attached: z.boolean(),
    in_tmux: z.boolean(),
    needs_person: z.boolean(),
    reasons: z.array(z.string()),
    bead: z.optional(z.string()),
    title: z.optional(z.string()),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const listing = await listAgents(await app.town());
  const polecats = input.bool('all');
  return {
    data: sectionsOf(listing, { polecats }).flatMap(({ agents }) => agents.map(rowOf)),
    text: () => renderAgents(listing, { paint: app.output.style, polecats }),
  };
}

function rowOf({ address, role, rig, view, inTmux }: ListedAgent) {
  return {
    session: view.session,
    address,
    role,
    ...(rig === undefined ? {} : { rig }),
    name: view.name,
    state: view.state,
    running: view.running,
    attached: view.attached,
    in_tmux: inTmux,
    needs_person: view.needsPerson,
    reasons: [...view.reasons],
    ...(view.bead === undefined ? {} : { bead: view.bead }),
    ...(view.title === undefined ? {} : { title: view.title }),
  };
}
