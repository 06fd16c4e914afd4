import * as z from 'zod/mini';
import { chooseDestination } from '../../../beads/backup/destination.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { destinationOf, destinationPlace } from './backup.ts';
import { findPlace } from '../open.ts';

export const schema = z.object({ removed: z.boolean() });

/** Forgets the chosen destination; the backups in it stay. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await findPlace(app, input);
  const { path, isChosen } = await destinationOf(app, place);
  if (isChosen) await chooseDestination(destinationPlace(app, place), undefined);
  return {
    data: { removed: isChosen },
    text: isChosen ? `Backups no longer go to ${path}; what is there stays` : 'No destination was chosen',
  };
}
