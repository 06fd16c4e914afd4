import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { changeRigKey } from './change-key.ts';

export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  return changeRigKey(app, { rig: input.arg('rig'), key: input.arg('key'), text: input.arg('value') });
}
