import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readAgent } from '../../runtimes/agents.ts';
import { requireFit } from '../../runtimes/fitness.ts';
import { readTownKey, writeTownKey } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const name = input.arg('name');
  if (name === '') return { text: (await readTownKey(town, 'default_agent')).text };
  /* Looked up first: a default that does not exist would fail at the next start of anything. */
  requireFit(await readAgent(town, name));
  await writeTownKey(town, 'default_agent', name);
  return { text: `${app.output.style.green('✓')} default agent is ${name}` };
}
