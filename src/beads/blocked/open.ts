import type { LedgerScope } from '../sql/scope.ts';
import { isDone } from '../words/kinds.ts';
import { readEdgesFrom, readEdgesTo, readNodes } from './facts.ts';

/** Open targets of blocks and conditional-blocks edges, sorted. */
export async function openBlockers(scope: LedgerScope, id: string): Promise<readonly string[]> {
  const edges = await readEdgesFrom(scope, [id], ['blocks', 'conditional-blocks']);
  return openOf(
    scope,
    edges.map((edge) => edge.to),
  );
}

export async function openChildren(scope: LedgerScope, id: string): Promise<readonly string[]> {
  const edges = await readEdgesTo(scope, [id], ['parent-child']);
  return openOf(
    scope,
    edges.map((edge) => edge.from),
  );
}

async function openOf(scope: LedgerScope, ids: readonly string[]): Promise<readonly string[]> {
  const nodes = await readNodes(scope, ids);
  return [...nodes.values()]
    .filter((node) => !isDone(node.status))
    .map((node) => node.id)
    .toSorted();
}
