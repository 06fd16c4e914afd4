import { dirname, join } from 'node:path';

/** Folder of the `gt` and `bd` that people and agents start: beside src/ or dist/, or the binary's own. */
export function gtFolder(gtArgv: readonly [string, ...string[]]): string {
  const script = gtArgv[1];
  return script === undefined ? dirname(gtArgv[0]) : join(dirname(dirname(script)), 'bin');
}

/** The absolute path of `gt`, for files that outlive this process (hooks). */
export function gtProgram(gtArgv: readonly [string, ...string[]]): string {
  return gtArgv.length === 1 ? gtArgv[0] : join(gtFolder(gtArgv), 'gt');
}
