import { join } from 'node:path';
import type { AgentAddress } from '../core/address.ts';
import type { Files } from '../ports/files.ts';
import { formatJson } from './json-file.ts';

/** Says in a folder whose it is: `.gt-agent`, read by `whoAmI`. No change, no write. */
export async function writeIdentityFile(files: Files, folder: string, address: AgentAddress): Promise<void> {
  const path = join(folder, '.gt-agent');
  const text = formatJson(address);
  if ((await files.readText(path)) !== text) await files.writeAtomic(path, text, { mode: 0o600 });
}
