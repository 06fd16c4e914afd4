import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openVersions, openVersionsToWrite } from './versions.ts';

export const schema = z.union([
  z.object({ current: z.string(), branches: z.array(z.string()) }),
  z.object({ created: z.string() }),
]);

/** Lists the branches, or makes one of the newest version. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const name = input.arg('name');
  if (name !== '') {
    const { versions, database } = await openVersionsToWrite(app, input);
    await versions.createBranch(database, name);
    return { data: { created: name }, text: `Created branch ${name}` };
  }
  const { versions, database } = await openVersions(app, input);
  const [branches, { branch }] = [await versions.branches(database), await versions.status(database)];
  return {
    data: { current: branch, branches },
    text: branches.map((other) => `${other === branch ? '*' : ' '} ${other}`).join('\n'),
  };
}
