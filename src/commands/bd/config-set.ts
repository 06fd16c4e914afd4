import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import { openBeads } from './open.ts';
import { openWrite } from './write.ts';

export const schema = z.object({ key: z.string(), value: z.string() });

/** Sets one setting of the database. Throws RefusedError `config.fixed` for the prefix of existing ids. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { home } = beads;
  const [key, value] = [input.arg('key'), input.arg('value')];
  if (key === 'issue_prefix' || key === 'issue-prefix') {
    throw new RefusedError({
      code: 'config.fixed',
      message: `the prefix of ${home.database} is ${home.prefix} and every id carries it`,
    });
  }
  const write = await openWrite(app, input, beads);
  await write(home, `config ${key}`, (tx) => tx.setConfig(key, value));
  return { data: { key, value }, text: `Set ${key} = ${oneLine(value)}` };
}
