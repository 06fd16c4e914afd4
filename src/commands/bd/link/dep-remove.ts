import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.object({
  issue_id: z.string(),
  depends_on_id: z.string(),
  status: z.literal('removed'),
});

/** Takes the edge between two beads away, whatever its type. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const { ledger, bead } = await locateBead(beads.ledgers, beads.home, input.arg('bead'));
  const target = await existingTarget(ledger, bead.id, input.arg('depends-on'));
  const write = await openWrite(app, input, beads);
  await write(ledger, `dependency: remove ${bead.id} -> ${target}`, (tx) => tx.removeEdge(bead.id, target));
  return {
    data: { issue_id: bead.id, depends_on_id: target, status: 'removed' },
    text: `Removed: ${bead.id} no longer depends on ${target}`,
  };
}

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
