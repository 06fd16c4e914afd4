import type { Bead } from '../../beads/types.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';

export function cannotCookProto(id: string, condition: string): UsageError {
  return new UsageError({
    code: 'formula.bad',
    message: `${id}: the condition ${condition} cannot be read: write {{v}}, !{{v}}, {{v}} == x or {{v}} != x`,
  });
}

export function notAMolecule(bead: Bead): RefusedError {
  return new RefusedError({
    code: 'molecule.none',
    message: `${bead.id} is a ${bead.type}, not a molecule, epic or wisp`,
    hint: 'Run: bd mol wisp list   (or: bd list -t molecule)',
  });
}
