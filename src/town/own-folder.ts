import { dirname } from 'node:path';

/**
 * The folder of `templates/`, `formulas/` and `bin/`, by the argv that starts this gt. The program of `[node, program]`
 * lies one folder below it. A single executable told its modules that they lie in `dist/` of the folder it unpacked.
 */
export function ownFolder(gtArgv: readonly string[]): string {
  const program = gtArgv[1];
  return dirname(program === undefined ? import.meta.dirname : dirname(program));
}
