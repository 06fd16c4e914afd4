import * as z from 'zod/mini';
import { UsageError } from '../../core/errors.ts';
import { canonicalType } from '../words/kinds.ts';
import type { LedgerTx, NewBead } from '../types.ts';
import { otherEnd } from './new-edges.ts';
import { describeIssue } from '../../town/town-file.ts';
import { ORDER_KEYS } from '../forms/sling-terms.ts';

const text = z.optional(z.string());

const nodeSchema = z.strictObject({
  key: z.string().check(z.minLength(1)),
  title: z.string().check(z.minLength(1)),
  type: text,
  description: text,
  assignee: text,
  assign_after_create: z.optional(z.boolean()),
  priority: z.optional(z.number()),
  labels: z.optional(z.array(z.string())),
  metadata: z.optional(z.record(z.string(), z.unknown())),
  metadata_refs: z.optional(z.record(z.string(), z.string())),
  parent_key: text,
  parent_id: text,
});

const planSchema = z.strictObject({
  commit_message: text,
  nodes: z.array(nodeSchema).check(z.minLength(1)),
  edges: z.optional(
    z.array(z.strictObject({ from_key: text, from_id: text, to_key: text, to_id: text, type: text })),
  ),
});

export type GraphPlan = z.infer<typeof planSchema>;
export type GraphNode = GraphPlan['nodes'][number];
type GraphEdge = NonNullable<GraphPlan['edges']>[number];

/**
 * A plan of beads that name each other by keys: `nodes` (key, title, ...), `edges` (from depends on to).
 * Every key is resolved here, so a bad plan writes nothing. Throws UsageError `beads.bad-plan`.
 */
export function parseGraphPlan(raw: string): GraphPlan {
  const parsed = z.safeParse(planSchema, parseJson(raw));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) throw badPlan('it does not fit');
    throw badPlan(
      issue.code === 'unrecognized_keys'
        ? `${issue.path.join('.') || 'the plan'}: has no ${issue.keys.join(', ')}`
        : describeIssue(issue),
    );
  }
  const plan = parsed.data;
  const keys = new Set(plan.nodes.map((node) => node.key));
  if (keys.size < plan.nodes.length) throw badPlan('two nodes have the same key');
  for (const node of plan.nodes) {
    const order = ORDER_KEYS.find((key) => node.metadata_refs?.[key] !== undefined);
    if (order !== undefined) throw badPlan(`node '${node.key}': ${order} is no reference`);
    for (const key of [node.parent_key, ...Object.values(node.metadata_refs ?? {})]) {
      if (key !== undefined && !keys.has(key))
        throw badPlan(`node '${node.key}' names '${key}', which is no node`);
    }
  }
  for (const [index, edge] of (plan.edges ?? []).entries()) {
    for (const end of ['from', 'to'] as const) checkEnd(edge, { end, index, keys });
  }
  return plan;
}

function checkEnd(
  edge: GraphEdge,
  {
    end,
    index,
    keys,
  }: { readonly end: 'from' | 'to'; readonly index: number; readonly keys: ReadonlySet<string> },
): void {
  const [key, id] = end === 'from' ? [edge.from_key, edge.from_id] : [edge.to_key, edge.to_id];
  if (key === undefined && id === undefined) throw badPlan(`edge ${index} needs ${end}_key or ${end}_id`);
  if (key !== undefined && !keys.has(key)) throw badPlan(`edge ${index} names '${key}', which is no node`);
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (cause) {
    throw new UsageError({ code: 'beads.bad-plan', message: 'the plan is not JSON', cause });
  }
}

function badPlan(why: string): UsageError {
  return new UsageError({
    code: 'beads.bad-plan',
    message: `bad plan: ${why.slice(0, 300)}`,
    hint: 'A plan is {"nodes":[{"key":"a","title":"..."}],"edges":[{"from_key":"b","to_key":"a"}]}',
  });
}

/** Creates the plan's beads in one transaction, `base` being what they have in common. @returns key → id */
export async function applyGraphPlan(
  tx: LedgerTx,
  plan: GraphPlan,
  base: Partial<NewBead>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const node of plan.nodes) ids.set(node.key, (await tx.create({ ...base, ...newBead(node) })).id);
  const idOf = async (key: string | undefined, id = ''): Promise<string> =>
    (key === undefined ? undefined : ids.get(key)) ?? otherEnd(tx, id);
  for (const node of plan.nodes) {
    const id = await idOf(node.key);
    if (node.parent_key !== undefined || node.parent_id !== undefined) {
      await tx.addEdge({ from: id, to: await idOf(node.parent_key, node.parent_id), type: 'parent-child' });
    }
    const refs = Object.entries(node.metadata_refs ?? {}).map(([name, key]) => [name, ids.get(key)] as const);
    if (refs.length > 0) await tx.update(id, { metadata: Object.fromEntries(refs) });
  }
  for (const edge of plan.edges ?? []) {
    const [from, to] = [await idOf(edge.from_key, edge.from_id), await idOf(edge.to_key, edge.to_id)];
    await tx.addEdge({ from, to, type: edge.type ?? 'blocks' });
  }
  // Last, so that who watches for assigned work sees it whole.
  for (const node of plan.nodes) {
    if (node.assign_after_create === true && node.assignee !== undefined)
      await tx.update(await idOf(node.key), { assignee: node.assignee });
  }
  return ids;
}

function newBead(node: GraphNode): NewBead {
  const { title, description, priority, labels, metadata, assignee } = node;
  return {
    title,
    ...(node.type === undefined ? {} : { type: canonicalType(node.type) }),
    ...(description === undefined ? {} : { description }),
    ...(priority === undefined ? {} : { priority }),
    ...(labels === undefined ? {} : { labels }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(assignee === undefined || node.assign_after_create === true ? {} : { assignee }),
  };
}
