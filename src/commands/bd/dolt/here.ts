import * as z from 'zod/mini';
import type { CommandModule } from '../../../cli/command.ts';
import { openVersions, commitAll, openVersionsToWrite } from './versions.ts';

/** The server, the newest version, what is not in it yet, and the remotes. */
export const status: CommandModule = {
  schema: z.object({
    mode: z.string(),
    running: z.boolean(),
    server: z.string(),
    version: z.string(),
    database: z.string(),
    branch: z.string(),
    head: z.string(),
    uncommitted: z.array(z.string()),
    remotes: z.array(z.object({ name: z.string(), url: z.string() })),
  }),
  async run(app, input) {
    const { store, versions, database } = await openVersions(app, input);
    const { branch, head, server, changed } = await versions.status(database);
    const remotes = await versions.remotes(database);
    const { location } = await store.health();
    const pending =
      changed.length === 0 ? 'nothing' : `${changed.join(', ')} (bd dolt commit makes a version)`;
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
  },
};

/** One version of all that changed since the last one. */
export const commit: CommandModule = {
  schema: z.object({ committed: z.boolean() }),
  async run(app, input) {
    const place = await openVersionsToWrite(app, input);
    const committed = await commitAll(place, input.flag('message') ?? 'bd: commit pending changes');
    return { data: { committed }, text: committed ? 'Committed.' : 'Nothing to commit.' };
  },
};

/** Lists the branches, or makes one of the newest version. */
export const branch: CommandModule = {
  schema: z.union([
    z.object({ current: z.string(), branches: z.array(z.string()) }),
    z.object({ created: z.string() }),
  ]),
  async run(app, input) {
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
  },
};
