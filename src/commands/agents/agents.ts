import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderAgents } from '../../ui/text/agents.ts';
import { listAgents } from '../../watchdog/view/agent-list.ts';
import { showAgentMenu } from './menu.ts';

/** A person in the town's tmux gets the menu; an agent, whose commands have no terminal, and everybody else the list. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const listing = await listAgents(town);
  const polecats = input.bool('all');
  if (app.output.isTTY && isInside(app.env['TMUX'], town.ports.tmux.socket))
    return showAgentMenu(town, { listing, polecats, client: undefined, from: 0 });
  return { text: renderAgents(listing, { paint: app.output.style, polecats }) };
}

/** TMUX is `<socket path>,<server pid>,<session>`. */
function isInside(tmux: string | undefined, socket: string): boolean {
  return tmux?.split(',')[0]?.endsWith(`/${socket}`) === true;
}
