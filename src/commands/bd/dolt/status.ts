import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openVersions } from './versions.ts';

export const schema = z.object({
  mode: z.string(),
  running: z.boolean(),
  server: z.string(),
  version: z.string(),
  database: z.string(),
  branch: z.string(),
  head: z.string(),
  uncommitted: z.array(z.string()),
  remotes: z.array(z.object({ name: z.string(), url: z.string() })),
});

/** The server, the newest version, what is not in it yet, and the remotes. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { store, versions, database } = await openVersions(app, input);
  const { branch, head, server, changed } = await versions.status(database);
  const remotes = await versions.remotes(database);
  const { location } = await store.health();
  const pending = changed.length === 0 ? 'nothing' : `${changed.join(', ')} (bd dolt commit makes a version)`;
  return {
    data: {
      mode: 'server',
      running: true,
      server: location,
      version: server,
      database,
      branch,
      head,
      uncommitted: changed,
      remotes,
    },
    text: [
      `Server       ${location}, Dolt ${server}`,
      `Database     ${database}`,
      `Version      ${head.slice(0, 8)} on ${branch}`,
      `Uncommitted  ${pending}`,
      ...remotes.map(({ name, url }) => `Remote       ${name}  ${url}`),
    ].join('\n'),
  };
}
