import { join } from 'node:path';
import { ownFolder } from '../town/own-folder.ts';

/** Folder of the `gt` and `bd` that agents start. */
export function gtFolder(gtArgv: readonly [string, ...string[]]): string {
  return join(ownFolder(gtArgv), 'bin');
}

/** The absolute path of `gt`, for files that outlive this process (hooks): of a single executable itself. */
export function gtProgram(gtArgv: readonly [string, ...string[]]): string {
  return gtArgv.length === 1 ? gtArgv[0] : join(gtFolder(gtArgv), 'gt');
}
