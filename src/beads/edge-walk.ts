import { readEdgesFrom } from './blocked-facts.ts';
import type { ReadinessEdge } from './blocked-facts.ts';
import type { LedgerScope } from './scope.ts';

/** True when edges of these types lead from `start` to `goal`. Visits each bead once, so loops end. */
export async function leadsTo(
  scope: LedgerScope,
  path: { readonly start: string; readonly goal: string; readonly types: readonly ReadinessEdge[] },
): Promise<boolean> {
  const seen = new Set([path.start]);
  let front = [path.start];
  while (front.length > 0) {
    if (front.includes(path.goal)) return true;
    const edges = await readEdgesFrom(scope, front, path.types);
    front = [...new Set(edges.map((edge) => edge.to))].filter((id) => !seen.has(id));
    for (const id of front) seen.add(id);
  }
  return false;
}
