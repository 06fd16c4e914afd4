import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { VERSION } from '../../version.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.bool('short')) return { text: VERSION };
  const line = `gt version ${VERSION}`;
  if (!input.bool('verbose')) return { text: line };
  return {
    text: [
      line,
      `node ${process.version} (${process.platform} ${process.arch})`,
      `runs ${app.gtArgv.join(' ')}`,
    ].join('\n'),
  };
}
