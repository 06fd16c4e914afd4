import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readAgent, rowOf } from '../../runtimes/agents.ts';
import { agentSchema } from './agent-schema.ts';

export const schema = agentSchema;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const record = await readAgent(await app.town(), input.arg('name'));
  const row = rowOf(record);
  const lines = [
    `${app.output.style.bold(row.name)} (${row.type})`,
    `  command:      ${[row.command, row.args ?? ''].join(' ').trim()}`,
    `  behaves like: ${record.preset}${record.proven ? '' : ' (not tried by the tests of gt)'}`,
    `  instructions: ${record.instructionsFile}`,
  ];
  return { data: row, text: lines.join('\n') };
}
