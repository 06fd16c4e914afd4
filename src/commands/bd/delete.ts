import * as z from 'zod/mini';
import { locateBead } from '../../beads/locate.ts';
import type { LocatedBead } from '../../beads/locate.ts';
import type { LedgerTx } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark, count } from '../../ui/text/beads.ts';
import { openBeads } from './open.ts';
import { openWrite } from './write.ts';

const one = z.object({
  deleted: z.string(),
  dependencies_removed: z.number(),
  references_updated: z.number(),
});
const several = z.object({
  deleted: z.array(z.string()),
  deleted_count: z.number(),
  dependencies_removed: z.number(),
  references_updated: z.number(),
});
const preview = z.object({ would_delete: z.array(z.string()), dependencies: z.number() });
export const schema = z.union([one, several, preview]);

/** Removes beads for good; without --force it only says what would go. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const roots = await Promise.all(
    input.args('id').map((typed) => locateBead(beads.ledgers, beads.home, typed)),
  );
  const wanted = input.bool('cascade') ? await withDescendants(roots) : roots;
  const isPreview = input.bool('dry-run') || !input.bool('force');
  if (isPreview) return previewOf(wanted);
  const write = await openWrite(app, input, beads);
  let edges = 0;
  const deleted: string[] = [];
  // Children first, so that nothing is ever left below a bead that is gone.
  for (const { ledger, bead } of wanted.toReversed()) {
    edges += await write(ledger, `delete ${bead.id}`, (tx) => deleteOne(tx, bead.id));
    deleted.push(bead.id);
  }
  return {
    data: deletedJson(deleted, edges),
    text: `Deleted ${deleted.join(', ')} and ${count(edges, 'dependency edge')}`,
  };
}

async function deleteOne(tx: LedgerTx, id: string): Promise<number> {
  const edges = (await tx.edgesFrom([id])).length + (await tx.edgesTo([id])).length;
  await tx.delete(id);
  return edges;
}

async function withDescendants(roots: readonly LocatedBead[]): Promise<readonly LocatedBead[]> {
  const found = new Map<string, LocatedBead>(roots.map((root) => [root.bead.id, root]));
  const queue = [...roots];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { ledger, bead } = next;
    for (const child of await ledger.list({ parent: bead.id, includeTemplates: true })) {
      if (found.has(child.id)) continue;
      const located = { ledger, bead: child };
      found.set(child.id, located);
      queue.push(located);
    }
  }
  return [...found.values()];
}

async function previewOf(wanted: readonly LocatedBead[]): Promise<CommandReply> {
  let edges = 0;
  for (const { ledger, bead } of wanted) {
    edges += (await ledger.edgesFrom([bead.id])).length + (await ledger.edgesTo([bead.id])).length;
  }
  return {
    data: { would_delete: wanted.map(({ bead }) => bead.id), dependencies: edges },
    text: [
      'Would delete:',
      ...wanted.map(({ bead }) => `  ${beadMark(bead)}  ${oneLine(bead.title)}`),
      '',
      `${count(wanted.length, 'bead')} and ${count(edges, 'dependency edge')}. Nothing was changed: --force deletes.`,
    ].join('\n'),
  };
}

/** We never rewrite other beads' texts, so no reference is ever updated. */
function deletedJson(deleted: readonly string[], edges: number): unknown {
  const rest = { dependencies_removed: edges, references_updated: 0 };
  return deleted.length === 1
    ? { deleted: deleted[0], ...rest }
    : { deleted, deleted_count: deleted.length, ...rest };
}
