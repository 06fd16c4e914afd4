import { readEdgesFrom, readEdgesTo, type ReadinessEdge } from '../blocked/facts.ts';
import type { LedgerScope } from '../sql/scope.ts';

interface Side {
  readonly seen: Set<string>;
  front: readonly string[];
  readonly step: (ids: readonly string[]) => Promise<readonly string[]>;
}

/**
 * True when edges of these types lead from `start` to `goal`. Walks from both ends, each time where less was seen:
 * years of work make long chains, but hardly anything depends on a bead that is new. Loops end.
 */
export async function leadsTo(
  scope: LedgerScope,
  path: { readonly start: string; readonly goal: string; readonly types: readonly ReadinessEdge[] },
): Promise<boolean> {
  if (path.start === path.goal) return true;
  const ahead = sideOf(path.start, async (ids) =>
    (await readEdgesFrom(scope, ids, path.types)).map((edge) => edge.to),
  );
  const behind = sideOf(path.goal, async (ids) =>
    (await readEdgesTo(scope, ids, path.types)).map((edge) => edge.from),
  );
  while (ahead.front.length > 0 && behind.front.length > 0) {
    const isAhead = ahead.seen.size < behind.seen.size;
    const [walked, other] = isAhead ? [ahead, behind] : [behind, ahead];
    const found = await walked.step(walked.front);
    if (found.some((id) => other.seen.has(id))) return true;
    walked.front = [...new Set(found)].filter((id) => !walked.seen.has(id));
    for (const id of walked.front) walked.seen.add(id);
  }
  return false;
}

function sideOf(id: string, step: Side['step']): Side {
  return { seen: new Set([id]), front: [id], step };
}
