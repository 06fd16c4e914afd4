import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { writeTownKey } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const key = await writeTownKey(await actingTown(app), input.arg('key'), input.arg('value'));
  const value = key.text === '' ? 'not set' : key.text;
  return { text: `${app.output.style.green('✓')} ${key.key} is ${value} (${key.source})` };
}
