import * as z from 'zod/mini';
import type { CommandModule } from '../../../cli/command.ts';
import { openVersionsToWrite, openVersions } from './versions.ts';

export const add: CommandModule = {
  schema: z.object({ name: z.string(), url: z.string() }),
  async run(app, input) {
    const { versions, database } = await openVersionsToWrite(app, input);
    const remote = { name: input.arg('name'), url: input.arg('url') };
    await versions.addRemote(database, remote);
    return { data: remote, text: `Added remote ${remote.name}: ${remote.url}` };
  },
};

export const list: CommandModule = {
  schema: z.array(z.object({ name: z.string(), url: z.string() })),
  async run(app, input) {
    const { versions, database } = await openVersions(app, input);
    const remotes = await versions.remotes(database);
    const lines = remotes.map(({ name, url }) => `${name}  ${url}`);
    return {
      data: remotes,
      text: lines.length === 0 ? 'No remote. Run: bd dolt remote add origin <url>' : lines.join('\n'),
    };
  },
};

export const remove: CommandModule = {
  schema: z.object({ name: z.string(), removed: z.boolean() }),
  async run(app, input) {
    const { versions, database } = await openVersionsToWrite(app, input);
    const name = input.arg('name');
    await versions.removeRemote(database, name);
    return { data: { name, removed: true }, text: `Removed remote ${name}; what it has stays there` };
  },
};
