import { RefusedError } from '../../core/errors.ts';
import { openBlockers, openChildren } from '../blocked/open.ts';
import { opensAt } from '../gates/types.ts';
import { someBead } from '../read/select.ts';
import { condition } from '../sql/conditions.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';

/** Refuses to close what is not finished (spec 02 §4). Throws RefusedError. */
export async function checkClosable(scope: LedgerScope, bead: Bead): Promise<void> {
  if (bead.pinned || bead.status === 'pinned') throw cannotClose(bead, 'it is pinned');
  if (bead.isTemplate) throw cannotClose(bead, 'it is a template');
  if (bead.type === 'gate') await checkGate(scope, bead);
  if (bead.type === 'epic') {
    const open = await openChildren(scope, bead.id);
    if (open.length > 0) throw cannotClose(bead, `open children [${open.join(' ')}]`);
  }
  const blockers = await openBlockers(scope, bead.id);
  if (blockers.length > 0) throw cannotClose(bead, `blocked by open issues [${blockers.join(' ')}]`);
}

function cannotClose(bead: Bead, why: string) {
  return new RefusedError({
    code: 'bead.not-closable',
    message: `cannot close ${bead.id}: ${why} (use --force to override)`,
  });
}

/** Gates that a machine opens close only when their condition holds; humans resolve the others by hand. */
async function checkGate(scope: LedgerScope, gate: Bead): Promise<void> {
  switch (gate.awaitType) {
    case 'timer': {
      const at = opensAt(gate);
      if (at === undefined || scope.now() < at)
        throw cannotClose(
          gate,
          at === undefined ? 'its timer has no time' : `its timer runs until ${new Date(at).toISOString()}`,
        );
      return;
    }
    case 'bead': {
      const closed = [condition('b.id = ?', gate.awaitId), condition("b.status = 'closed'")];
      const done = (await someBead(scope, 'issues', closed)) || (await someBead(scope, 'wisps', closed));
      if (!done) throw cannotClose(gate, `it waits for ${gate.awaitId}`);
      return;
    }
    case 'gh:run':
    case 'gh:pr':
      throw cannotClose(gate, `it waits for ${gate.awaitType} ${gate.awaitId}`);
    default:
      return;
  }
}
