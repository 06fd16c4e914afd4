import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { initGit } from './extras.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.bool('public') && input.flag('github') === undefined) throw needsGithub();
  const { root } = await app.town();
  return { text: (await initGit(app, input, root)).join('\n') };
}

export function needsGithub(): UsageError {
  return new UsageError({
    code: 'flag.needs',
    message: '--public says how the repository on GitHub is made',
    hint: 'Add --github <owner>/<name>',
  });
}
