import { readEdgesTo } from '../blocked/facts.ts';
import type { LedgerScope } from '../sql/scope.ts';

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
