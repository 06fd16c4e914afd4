import { join } from 'node:path';
import { readYaml } from '../../../beads/place/config-yaml.ts';
import type { AppContext } from '../../../context.ts';
import type { BdHome } from '../open.ts';

/** The `config.yaml` beside the ledger in use. */
export function yamlPath(beads: BdHome): string {
  return join(beads.dir ?? beads.town?.paths.beadsDir ?? '', 'config.yaml');
}

export async function readYamlFile(app: AppContext, beads: BdHome): Promise<ReadonlyMap<string, string>> {
  return readYaml((await app.machine.files.readText(yamlPath(beads))) ?? '');
}
