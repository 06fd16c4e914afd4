import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { SHELLS, completionScript } from './scripts.ts';

/** The handler of `completion`: the script for the program of that name. */
export function printScript(name: 'gt' | 'bd') {
  return async ({ env }: AppContext, input: CommandInput): Promise<CommandReply> => {
    const typed = input.arg('shell');
    const shell = SHELLS.find((known) => known === typed);
    if (shell === undefined) {
      throw new UsageError({
        code: 'completion.shell',
        message: `there is no completion for '${typed.slice(0, 40)}'`,
        hint: `Write one of: ${SHELLS.join(', ')}`,
      });
    }
    const request = input.bool('no-descriptions') ? '__completeNoDesc' : '__complete';
    return { text: completionScript(shell, { program: ownName(name, env['GT_COMMAND']), request }) };
  };
}

/** A name that needs quotes cannot be completed either. */
function ownName(name: 'gt' | 'bd', renamed: string | undefined): string {
  return name === 'gt' && renamed !== undefined && /^[A-Za-z_][\w-]*$/.test(renamed) ? renamed : name;
}
