import { RefusedError, UsageError } from '../../core/errors.ts';
import { leadsTo } from './walk.ts';
import { BLOCKING_EDGES } from '../words/kinds.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';

const EDGE_TYPE = /^[a-z][a-z0-9_-]{0,31}$/;

/** An edge type word: known or custom, it must fit its column. Throws UsageError `edge.bad-type`. */
export function checkEdgeType(raw: string): string {
  const type = raw.trim().toLowerCase();
  if (EDGE_TYPE.test(type)) return type;
  throw new UsageError({
    code: 'edge.bad-type',
    message: `${JSON.stringify(raw.slice(0, 40))} cannot be a dependency type`,
    hint: 'Usual types: blocks, related, parent-child, discovered-from, tracks',
  });
}

/** Metadata of an edge: a JSON object as text. Throws UsageError `edge.bad-metadata`. */
export function checkEdgeMetadata(raw: string): string {
  try {
    const parsed: unknown = JSON.parse(raw);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return JSON.stringify(parsed);
  } catch {
    // Falls through to the one message for everything that is not an object.
  }
  throw new UsageError({ code: 'edge.bad-metadata', message: 'edge metadata must be a JSON object' });
}

/** Refuses edges inside one database that would leave a bead blocked for ever. Throws RefusedError. */
export async function checkLocalEdge(
  scope: LedgerScope,
  edge: { readonly from: Bead; readonly to: Bead; readonly type: string },
): Promise<void> {
  if (edge.type === 'parent-child') return checkNewParent(scope, edge.from, edge.to);
  if (!BLOCKING_EDGES.has(edge.type)) return;
  await checkNotOwnFamily(scope, edge.from, edge.to);
  if (edge.type === 'waits-for') return;
  checkSameLevel(edge);
  // Through parents too: a child is blocked with its parent, so such a loop would never open again.
  const types = ['blocks', 'conditional-blocks', 'parent-child'] as const;
  if (await leadsTo(scope, { start: edge.to.id, goal: edge.from.id, types })) throw cycle();
}

/** A hierarchy is a tree, and a parent must not wait for what its child holds up. */
async function checkNewParent(scope: LedgerScope, child: Bead, parent: Bead): Promise<void> {
  const types = ['blocks', 'conditional-blocks', 'parent-child'] as const;
  if (await leadsTo(scope, { start: parent.id, goal: child.id, types })) throw cycle();
}

async function checkNotOwnFamily(scope: LedgerScope, from: Bead, to: Bead): Promise<void> {
  const types = ['parent-child'] as const;
  if (await leadsTo(scope, { start: from.id, goal: to.id, types })) {
    throw new RefusedError({
      code: 'edge.child-on-parent',
      message: `${from.id} is below ${to.id}: a child that waits for its own parent would wait for ever`,
      hint: 'Let it depend on a sibling instead',
    });
  }
}

function checkSameLevel({
  from,
  to,
  type,
}: {
  readonly from: Bead;
  readonly to: Bead;
  readonly type: string;
}): void {
  if (type !== 'blocks' || (from.type === 'epic') === (to.type === 'epic')) return;
  const message =
    from.type === 'epic'
      ? `epics can only block other epics: ${from.id} is an epic, ${to.id} is not`
      : `tasks can only block other tasks: ${to.id} is an epic, ${from.id} is not`;
  throw new RefusedError({
    code: 'edge.epic-and-task',
    message,
    hint: 'Relate them by parent-child instead',
  });
}

function cycle() {
  return new RefusedError({
    code: 'edge.cycle',
    message: 'adding dependency would create a cycle',
    hint: 'Look at what it waits for: bd dep tree <id>',
  });
}
