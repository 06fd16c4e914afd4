import { join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import { writeBeadsFolder } from '../../town/beads-files.ts';
import { readDoltAddress, type DoltAddressTown } from '../../town/dolt-address.ts';
import { readJsonFile } from '../../town/json-file.ts';
import type { TownPaths } from '../../town/layout.ts';
import { checkHeader } from '../../town/json-file.ts';
import { TOWN_HEADER, readStoreKind, readTown } from '../../town/town-file.ts';
import type { DoctorCheck } from './check.ts';

/** A town that may not be opened yet. */
export interface ClosedSite extends DoltAddressTown {
  readonly root: string;
  readonly paths: TownPaths;
  readonly files: Files;
}

/**
 * What must hold before anything else of a town can be looked at. mayor/town.json is the authority on where the
 * ledger is (DESIGN §2a); its copy is mended only when a ledger is where it says.
 */
export const TOWN_OPENS: DoctorCheck<ClosedSite> = {
  name: 'town-opens',
  group: 'town',
  title: 'The town can be opened: mayor/town.json is whole, and its copy for bd says the same',
  severity: 'error',
  remedy: 'lets .beads/metadata.json name the ledger that mayor/town.json names, if it is there',
  async detect({ files, paths }) {
    // A town that cannot be opened is what is looked for: why not becomes the finding.
    await readTown(files, paths);
    return [];
  },
  async fix(site) {
    const { files, paths } = site;
    const doc = (await readJsonFile(files, paths.townFile)) ?? {};
    checkHeader(doc, TOWN_HEADER, paths.townFile);
    const store = readStoreKind(doc, paths.townFile);
    const ledger = store === 'sqlite' ? join(paths.storeDir, 'hq.db') : join(paths.doltDir, 'hq');
    const projectId = (await readJsonFile(files, join(paths.beadsDir, 'metadata.json')))?.['project_id'];
    if (typeof projectId !== 'string' || (await files.stat(ledger)) === undefined) return;
    const dolt = store === 'dolt' ? { dolt: await readDoltAddress(site) } : {};
    const folder = { dir: paths.beadsDir, database: 'hq', prefix: 'hq', projectId, store, ...dolt };
    await writeBeadsFolder(files, paths.storeDir, folder);
  },
};
