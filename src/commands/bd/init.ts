import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { parsePrefix } from '../../core/names.ts';
import { writeBeadsFolder } from '../../town/beads-files.ts';
import { lookForTown } from '../../town/find.ts';
import { searchOf } from './open.ts';

export const schema = z.object({ path: z.string(), prefix: z.string(), database_path: z.string() });

const DATABASE = 'beads';

/** Makes `.beads/beads.db` in this folder. Throws RefusedError `beads.in-town` `beads.exists`. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { files, random } = app.machine;
  const folder = resolve(searchOf(app, input).cwd || '/');
  const dir = join(folder, '.beads');
  await refuseTown(app, folder);
  await refuseExisting(app, dir);
  const prefix = parsePrefix(input.flag('prefix') ?? prefixFromFolder(folder));
  const projectId = random.uuid();
  await writeBeadsFolder(files, dir, { dir, database: DATABASE, prefix, projectId, store: 'sqlite' });
  await files.writeAtomic(join(dir, '.gitignore'), `${DATABASE}.db*\n`);
  const store = await app.storeAt({ kind: 'sqlite', folder: dir });
  await store.create(DATABASE, { prefix, projectId });
  return {
    data: { path: dir, prefix, database_path: join(dir, `${DATABASE}.db`) },
    text: [
      `Beads are kept in ${dir}, ids begin with ${prefix}-`,
      '',
      'Next:',
      '  bd create "<what is to do>"    write down a piece of work',
      '  bd ready                       see what can be started',
    ].join('\n'),
  };
}

async function refuseTown(app: AppContext, folder: string): Promise<void> {
  const root = await lookForTown({ files: app.machine.files, cwd: folder, env: {} });
  if (root === undefined) return;
  throw new RefusedError({
    code: 'beads.in-town',
    message: `${folder} lies in the town ${root}, which has its ledger already`,
    hint: 'Run: gt rig add <name> <git-url>   (or bd where)',
  });
}

/** What another program keeps in `.beads` is never taken over. */
async function refuseExisting(app: AppContext, dir: string): Promise<void> {
  for (const name of ['metadata.json', 'redirect', `${DATABASE}.db`]) {
    if ((await app.machine.files.stat(join(dir, name))) === undefined) continue;
    throw new RefusedError({
      code: 'beads.exists',
      message: `${dirname(dir)} has beads already: ${join(dir, name)} exists`,
      hint: 'Run: bd where',
    });
  }
}

/** `My Project` → `my-project`; a folder without letters gives `bd`. */
function prefixFromFolder(folder: string): string {
  const words = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return words.slice(0, 20).replace(/-+$/, '') || 'bd';
}
