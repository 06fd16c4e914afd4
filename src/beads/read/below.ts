import { RefusedError } from '../../core/errors.ts';
import { readEdgesTo } from '../blocked/facts.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { LedgerReads } from '../types.ts';

/** The bead and all below it that have children: whoever is a child of one of these is a descendant. One query per level. */
export async function parentsBelow(scope: LedgerScope, root: string): Promise<readonly string[]> {
  const parents = [root];
  const seen = new Set(parents);
  for (let front: readonly string[] = parents; front.length > 0;) {
    const edges = await readEdgesTo(scope, front, ['parent-child']);
    parents.push(...new Set(edges.map((edge) => edge.to).filter((id) => id !== root)));
    front = [...new Set(edges.map((edge) => edge.from))].filter((id) => !seen.has(id));
    for (const id of front) seen.add(id);
  }
  return [...new Set(parents)];
}

/** Deeper hierarchies are taken for damage. */
const MAX_DEPTH = 50;

/**
 * Ids of all beads below `root` that are not closed, children before their parents; closed ones are looked through.
 * One query per level. RefusedError `bead.deep-tree`.
 */
export async function openBelow(reads: LedgerReads, root: string): Promise<readonly string[]> {
  const seen = new Set([root]);
  const open: string[] = [];
  let front: readonly string[] = [root];
  for (let depth = 0; front.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw tooDeep(root);
    const children = (await reads.list({ parent: front, order: 'id' })).filter(({ id }) => !seen.has(id));
    for (const { id } of children) seen.add(id);
    open.push(...children.filter(({ status }) => status !== 'closed').map(({ id }) => id));
    front = children.map(({ id }) => id);
  }
  return open.reverse();
}

function tooDeep(root: string): RefusedError {
  return new RefusedError({
    code: 'bead.deep-tree',
    message: `there are more than ${MAX_DEPTH} levels below ${root}`,
    hint: `Look at them: bd dep tree ${root}`,
  });
}
