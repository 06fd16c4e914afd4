import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { progressOf } from '../../formulas/molecule/progress.ts';
import type { Progress } from '../../formulas/molecule/progress.ts';
import { readMolecule } from '../../formulas/molecule/read.ts';

/** The molecule that a word names, with where it stands. NotFoundError `bead.not-found`. */
export async function moleculeArg(
  town: TownContext,
  word: string,
): Promise<{ readonly root: Bead; readonly progress: Progress }> {
  const ledger = await town.ledgers.of(word);
  const root = await ledger.find(word);
  return { root, progress: progressOf(await readMolecule(ledger, root)) };
}
