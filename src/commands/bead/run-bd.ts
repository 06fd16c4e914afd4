import { join, relative, sep } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';

/**
 * Runs a command line of bd on the town's ledgers and returns its exit code; it prints by itself. Whatever folder
 * the caller stands in, the town is meant: a clone with beads of its own too.
 */
export async function runBd(app: AppContext, town: TownContext, words: readonly string[]): Promise<number> {
  const [{ runProgram }, { bd }] = await Promise.all([
    import('../../cli/run-program.ts'),
    import('../../cli/bd-program.ts'),
  ]);
  const env = { ...app.env, GT_TOWN_ROOT: town.root, BEADS_DIR: await beadsFolder(app, town) };
  // Not a copy: reading every property would also install the handlers of signals.
  const there: AppContext = Object.create(app, { env: { value: env } });
  return (await runProgram(bd, words, there)) ?? 0;
}

/** Of the rig that the caller stands in, so that short ids are looked for there; else the town's. */
async function beadsFolder(app: AppContext, town: TownContext): Promise<string> {
  const [first = '..'] = relative(town.root, app.cwd || '/').split(sep);
  const ofRig = join(town.root, first, '.beads');
  const isInRig = first !== '..' && (await app.machine.files.stat(ofRig))?.kind === 'dir';
  return isInRig ? ofRig : town.paths.beadsDir;
}
