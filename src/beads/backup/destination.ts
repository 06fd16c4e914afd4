import { join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';

/** Where a ledger's backups go. */
export interface Destination {
  readonly path: string;
  /** False = the folder that is used when nobody named one. */
  readonly isChosen: boolean;
}

export interface DestinationPlace {
  readonly files: Files;
  /** The `.beads` folder that keeps the choice. */
  readonly beadsDir: string;
  readonly fallback: string;
}

export async function readDestination({ files, beadsDir, fallback }: DestinationPlace): Promise<Destination> {
  const chosen = (await readJsonFile(files, choiceFile(beadsDir)))?.['path'];
  return typeof chosen === 'string' && chosen !== ''
    ? { path: chosen, isChosen: true }
    : { path: fallback, isChosen: false };
}

/** undefined = back to the fallback. The copies themselves stay. */
export async function chooseDestination(
  { files, beadsDir }: DestinationPlace,
  path: string | undefined,
): Promise<void> {
  await (path === undefined
    ? files.remove(choiceFile(beadsDir))
    : files.writeAtomic(choiceFile(beadsDir), formatJson({ path }), { mode: 0o600 }));
}

function choiceFile(beadsDir: string): string {
  return join(beadsDir, 'backup.json');
}
