import { join } from 'node:path';
import {
  readDestination,
  type Destination,
  type DestinationPlace,
} from '../../../beads/backup/destination.ts';
import type { AppContext } from '../../../context.ts';
import type { BdPlace } from '../open.ts';

export function destinationPlace(app: AppContext, { store, town, dir }: BdPlace): DestinationPlace {
  const { files } = app.machine;
  if (town === undefined) {
    const beadsDir = dir ?? app.cwd;
    return { files, beadsDir, fallback: join(beadsDir, 'backup') };
  }
  const folder = store.kind === 'dolt' ? '.dolt-backup' : '.store-backup';
  return { files, beadsDir: town.paths.beadsDir, fallback: join(town.root, folder) };
}

export function destinationOf(app: AppContext, place: BdPlace): Promise<Destination> {
  return readDestination(destinationPlace(app, place));
}
