import * as z from 'zod/mini';
import { locateBead, type LocatedBead } from '../../../beads/locate.ts';
import { beadsById } from '../../../beads/read/by-id.ts';
import type { Deletion } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { counted } from '../../../core/text.ts';
import { titled } from '../handlers.ts';
import { openBeads } from '../open.ts';
import { readTextFile } from '../texts.ts';
import { openWrite } from '../write.ts';

const one = z.object({
  deleted: z.string(),
  dependencies_removed: z.number(),
  references_updated: z.number(),
});
const several = z.object({
  deleted: z.array(z.string()),
  deleted_count: z.number(),
  dependencies_removed: z.number(),
  labels_removed: z.number(),
  events_removed: z.number(),
  references_updated: z.number(),
  orphaned_issues: z.array(z.string()),
});
const preview = z.object({ would_delete: z.array(z.string()), dependencies: z.number() });
export const schema = z.union([one, several, preview]);

/** Removes beads for good, per database in one transaction; without --force it only says what would go. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const typed = await readIds(app, input);
  const beads = await openBeads(app, input);
  const roots = await Promise.all(typed.map((id) => locateBead(beads.ledgers, beads.home, id)));
  const wanted = input.bool('cascade') ? await withDependents(roots) : roots;
  if (input.bool('dry-run') || !input.bool('force')) return previewOf(wanted);
  const write = await openWrite(app, input, beads);
  const parts: Deletion[] = [];
  for (const [ledger, group] of Map.groupBy(wanted, (located) => located.ledger)) {
    const ids = group.map(({ bead }) => bead.id);
    parts.push(await write(ledger, `delete ${ids.join(' ').slice(0, 60)}`, (tx) => tx.delete(...ids)));
  }
  return deletedReply(sum(parts));
}

async function readIds(app: AppContext, input: CommandInput): Promise<readonly string[]> {
  const file = input.flag('from-file');
  const lines = file === undefined ? [] : (await readTextFile(app, file)).split('\n');
  const listed = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  const ids = [...new Set([...input.args('id'), ...listed])];
  if (ids.length > 0) return ids;
  throw new NotFoundError({ code: 'beads.no-ids', message: 'no bead is named', hint: 'Run: bd delete <id>' });
}

/** With all that waits for them or is below them, transitively. */
async function withDependents(roots: readonly LocatedBead[]): Promise<readonly LocatedBead[]> {
  const found = new Map<string, LocatedBead>(roots.map((root) => [root.bead.id, root]));
  for (const [ledger, group] of Map.groupBy(roots, (root) => root.ledger)) {
    for (let front: readonly string[] = group.map(({ bead }) => bead.id); front.length > 0;) {
      const edges = (await ledger.edgesTo(front)).filter((edge) => HELD_BY.has(edge.type));
      const next = await beadsById(
        ledger,
        edges.map((edge) => edge.from).filter((id) => !found.has(id)),
      );
      for (const [id, bead] of next) found.set(id, { ledger, bead });
      front = [...next.keys()];
    }
  }
  return [...found.values()];
}

const HELD_BY: ReadonlySet<string> = new Set(['parent-child', 'blocks', 'conditional-blocks', 'waits-for']);

async function previewOf(wanted: readonly LocatedBead[]): Promise<CommandReply> {
  let edges = 0;
  for (const { ledger, bead } of wanted) {
    edges += (await ledger.edgesFrom([bead.id])).length + (await ledger.edgesTo([bead.id])).length;
  }
  return {
    data: { would_delete: wanted.map(({ bead }) => bead.id), dependencies: edges },
    text: [
      'Would delete:',
      ...wanted.map(({ bead }) => `  ${titled(bead)}`),
      '',
      `${counted(wanted.length, 'bead')} and ${counted(edges, 'dependency edge')}. Nothing was changed: --force deletes.`,
    ].join('\n'),
  };
}

function sum(parts: readonly Deletion[]): Deletion {
  const total = (count: (part: Deletion) => number) => parts.reduce((all, part) => all + count(part), 0);
  return {
    deleted: parts.flatMap((part) => part.deleted),
    orphaned: parts.flatMap((part) => part.orphaned),
    edges: total((part) => part.edges),
    labels: total((part) => part.labels),
    events: total((part) => part.events),
    references: total((part) => part.references),
  };
}

function deletedReply(gone: Deletion): CommandReply {
  const rest = { dependencies_removed: gone.edges, references_updated: gone.references };
  const many = {
    deleted: gone.deleted,
    deleted_count: gone.deleted.length,
    ...rest,
    labels_removed: gone.labels,
    events_removed: gone.events,
    orphaned_issues: gone.orphaned,
  };
  return {
    data: gone.deleted.length === 1 ? { deleted: gone.deleted[0], ...rest } : many,
    text: [
      `Deleted ${gone.deleted.join(', ')} and ${counted(gone.edges, 'dependency edge')}`,
      ...(gone.references === 0 ? [] : [`Marked in the texts of ${counted(gone.references, 'bead')}`]),
      ...(gone.orphaned.length === 0 ? [] : [`Depended on it: ${gone.orphaned.join(', ')}`]),
    ].join('\n'),
  };
}
