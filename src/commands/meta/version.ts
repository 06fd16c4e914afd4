import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { VERSION } from '../../version.ts';

/* Scripts ask for the version at every start: what only --verbose and --json need is loaded by them. */
let details: typeof import('./version-details.ts') | undefined;

export const schema = { parse: (value: unknown): unknown => details?.schema.parse(value) };

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.json || input.bool('verbose')) {
    details = await import('./version-details.ts');
    return details.describe(app);
  }
  return { text: input.bool('short') ? VERSION : `gt version ${VERSION}` };
}
