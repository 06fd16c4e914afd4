import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { chooseDestination } from '../../../beads/backup/destination.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { destinationPlace } from './backup.ts';
import { findPlace } from '../open.ts';

export const schema = z.object({ backup_path: z.string(), initialized: z.literal(true) });

/** Chooses where backups go. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const named = input.arg('path');
  if (/^[a-z][a-z0-9+]*:\/\//i.test(named) && !named.startsWith('file://')) {
    throw new UsageError({
      code: 'backup.no-folder',
      message: `'${named.slice(0, 80)}' is no folder: backups go to folders`,
      hint: 'For a server elsewhere: bd dolt remote add, then bd dolt push',
    });
  }
  const path = resolve(app.cwd, named.replace(/^file:\/\//, ''));
  await app.machine.files.makeDir(path, { mode: 0o700 });
  await chooseDestination(destinationPlace(app, await findPlace(app, input)), path);
  return {
    data: { backup_path: path, initialized: true },
    text: `Backups go to ${path}\nNext: bd backup sync`,
  };
}
