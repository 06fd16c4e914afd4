import * as z from 'zod/mini';
import type { Ledger } from '../../../beads/types.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { onBead } from '../on-bead.ts';

export const schema = z.object({
  issue_id: z.string(),
  depends_on_id: z.string(),
  status: z.literal('removed'),
});

/** Takes the edge between two beads away, whatever its type. */
export const run = onBead('bead', async ({ bead, ledger, input, write }) => {
  const target = await existingTarget(ledger, bead.id, input.arg('depends-on'));
  await write(`dependency: remove ${bead.id} -> ${target}`, (tx) => tx.removeEdge(bead.id, target));
  return {
    data: { issue_id: bead.id, depends_on_id: target, status: 'removed' },
    text: `Removed: ${bead.id} no longer depends on ${target}`,
  };
});

/** The target among the bead's own edges: also one whose bead is gone or elsewhere can be removed. */
async function existingTarget(ledger: Ledger, id: string, typed: string): Promise<string> {
  const edges = await ledger.edgesFrom([id]);
  const names = new Set([typed, `${ledger.prefix}-${typed}`]);
  const edge = edges.find(({ to, stored }) => names.has(to) || stored === typed);
  if (edge !== undefined) return edge.to;
  throw new NotFoundError({
    code: 'edge.not-found',
    message: `${id} has no dependency on ${typed}`,
    hint: `Run: bd dep list ${id}`,
  });
}
