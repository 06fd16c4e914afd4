import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { writeTownKey } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return changeTownKey(app, input.arg('key'), input.arg('value'));
}

/** Sets a key, or with '' takes it back to its default, and says what it is now. */
export async function changeTownKey(app: AppContext, name: string, text: string): Promise<CommandReply> {
  const key = await writeTownKey(await actingTown(app), name, text);
  const value = key.text === '' ? 'not set' : key.text;
  return { text: `${app.output.style.green('✓')} ${key.key} is ${value} (${key.source})` };
}
