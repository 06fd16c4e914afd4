import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { findBeadsHome, type BeadsHome } from '../../../beads/place/home.ts';
import { mainWorktreeOf } from '../../../beads/place/main-worktree.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { readTown } from '../../../town/town-file.ts';
import { townPaths } from '../../../town/layout.ts';
import { readJsonFile } from '../../../town/json-file.ts';
import { searchOf } from '../open.ts';
import { BD_VERSION } from './version.ts';

export const schema = z.object({
  beads_dir: z.string(),
  repo_root: z.string(),
  is_redirected: z.boolean(),
  is_worktree: z.boolean(),
  backend: z.enum(['sqlite', 'dolt']),
  server_host: z.optional(z.string()),
  server_port: z.optional(z.number()),
  database: z.string(),
  project_id: z.optional(z.string()),
  town: z.optional(z.string()),
  bd_version: z.string(),
});

/** Which place and database count here, from the files alone: it answers when the database does not. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const search = searchOf(app, input);
  const { files } = app.machine;
  const home = await findBeadsHome(search);
  const dir = home.kind === 'town' ? (home.dir ?? townPaths(home.root).beadsDir) : home.dir;
  const repository = await repositoryOf(app, resolve(app.cwd || '/', search.cwd));
  const projectId = (await readJsonFile(files, join(dir, 'metadata.json')))?.['project_id'];
  const data = {
    beads_dir: dir,
    repo_root: repository ?? '',
    is_redirected: home.redirectedFrom !== undefined,
    is_worktree: repository !== undefined && (await mainWorktreeOf(files, repository)) !== undefined,
    ...(await storeOf(app, home)),
    ...(typeof projectId === 'string' ? { project_id: projectId } : {}),
    ...(home.kind === 'town' ? { town: home.root } : {}),
    bd_version: BD_VERSION,
  };
  const lines = Object.entries(data)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${`${key.replaceAll('_', ' ')}:`.padEnd(15)} ${value}`);
  return { data, text: lines.join('\n') };
}

async function storeOf(app: AppContext, home: BeadsHome) {
  switch (home.kind) {
    case 'sqlite':
      return { backend: 'sqlite', database: join(home.folder, `${home.database}.db`) };
    case 'dolt':
      return { backend: 'dolt', server_host: home.host, server_port: home.port, database: home.database };
    case 'town': {
      const { store } = await readTown(app.machine.files, townPaths(home.root));
      return { backend: store, database: home.databases[0] ?? 'hq' };
    }
  }
}

async function repositoryOf(app: AppContext, start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await app.machine.files.stat(join(folder, '.git'))) !== undefined) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
