import type { Bead, LedgerTx } from '../../beads/types.ts';
import { notAMolecule } from './errors.ts';
import { readMolecule } from './read.ts';

/** What can be burned or squashed: the root of a molecule, an epic, a proto, or any wisp. */
export function checkMolecule(bead: Bead): void {
  const isRoot = bead.type === 'molecule' || bead.type === 'epic' || bead.isTemplate || bead.ephemeral;
  if (!isRoot) throw notAMolecule(bead);
}

/**
 * Deletes a molecule with everything below it and writes no digest; one that a squash of a wisp left stays.
 * Returns the ids. RefusedError `molecule.none`.
 */
export async function burnMolecule(tx: LedgerTx, rootId: string): Promise<readonly string[]> {
  const root = await tx.find(rootId);
  checkMolecule(root);
  const { steps } = await readMolecule(tx, root);
  const ids = [root, ...steps.filter((step) => step.ephemeral || !root.ephemeral)].map((bead) => bead.id);
  await tx.delete(...ids);
  return ids;
}
