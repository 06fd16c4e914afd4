import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { rowOf, setAgent } from '../../runtimes/agents.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const record = await setAgent(await actingTown(app), {
    name: input.arg('name'),
    commandLine: input.arg('command'),
    provider: input.flag('provider'),
  });
  const { name, command, args } = rowOf(record);
  const line = [command, args ?? ''].join(' ').trim();
  return {
    text: `${app.output.style.green('✓')} agent ${name} runs: ${line} (behaves like ${record.preset})`,
  };
}
