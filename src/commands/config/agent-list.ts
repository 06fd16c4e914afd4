import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listAgents } from '../../runtimes/agents.ts';
import { readTownSettings } from '../../town/settings.ts';
import { renderTable } from '../../ui/text/table.ts';
import { agentSchema } from './agent-schema.ts';

export const schema = z.array(agentSchema);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const [agents, settings] = await Promise.all([listAgents(town), readTownSettings(town)]);
  const chosen = settings.get('default_agent');
  const text = (): string =>
    renderTable(
      [
        { title: 'Agent', value: ({ name }) => (name === chosen ? `${name} (default)` : name) },
        { title: 'Kind', value: ({ type }) => type },
        {
          title: 'Command',
          value: ({ command, args }) => [command, args ?? ''].join(' ').trim(),
          flexible: true,
        },
      ],
      agents,
      app.output,
    );
  return { data: agents, text };
}
