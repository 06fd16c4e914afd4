import { join } from 'node:path';
import { readJsonFile } from '../json-file.ts';
import { disableSupervisor } from './supervisor.ts';
import type { Machine } from './state.ts';
import { listUserFiles, restoreUserFile, type Restored } from './user-file.ts';

export interface UninstalledFile {
  readonly path: string;
  readonly outcome: Restored;
}

/** Takes everything that gt put outside of towns out of this machine again; each file of the user is what it was. */
export async function uninstallMachine(machine: Machine): Promise<readonly UninstalledFile[]> {
  const { files } = machine.ports;
  await disableSupervisor(machine);
  const done: UninstalledFile[] = [];
  const records = await listUserFiles(machine.userFiles);
  for (const record of records) {
    done.push({ path: record.path, outcome: await restoreUserFile(machine.userFiles, record) });
  }
  const own = (await readJsonFile(files, join(machine.paths.stateDir, 'folders.json')))?.['folders'];
  for (const path of [
    machine.paths.recordsDir,
    machine.paths.stateFile,
    join(machine.paths.stateDir, 'folders.json'),
  ])
    await files.remove(path);
  // One file's folder may have been made for another: they go once all files are gone, the inner ones first.
  const made = [...records.flatMap(({ folders }) => folders), ...(Array.isArray(own) ? own : [])];
  const folders = made.filter((folder) => typeof folder === 'string');
  for (const folder of folders.toSorted((a, b) => b.length - a.length)) {
    if ((await files.list(folder))?.length === 0) await files.remove(folder);
  }
  return done;
}
