import { resolve } from 'node:path';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import { createTheme, parseNames } from '../../polecat/themes.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const theme = await createTheme(town, input.arg('name'), await givenNames(app, input));
  return {
    text: [
      `${app.output.style.green('✓')} theme ${theme.name} has ${counted(theme.names.length, 'name')}`,
      `  use it: gt namepool set ${theme.name}`,
    ].join('\n'),
  };
}

async function givenNames(app: AppContext, input: CommandInput): Promise<readonly string[]> {
  const file = input.flag('from-file');
  const words = input.args('names');
  if (file === undefined) return words;
  if (words.length > 0) {
    throw new UsageError({
      code: 'flag.exclusive',
      message: 'names come from the command line or from --from-file',
    });
  }
  const text = await app.machine.files.readText(resolve(app.cwd, file));
  if (text !== undefined) return parseNames(text);
  throw new NotFoundError({ code: 'files.not-found', message: `there is no file ${file}` });
}
