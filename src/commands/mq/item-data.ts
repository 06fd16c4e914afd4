import * as z from 'zod/mini';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { listReviews } from '../../beads/forms/review.ts';
import type { Bead, Edge, LedgerReads } from '../../beads/types.ts';
import { queueItems } from '../../refinery/status.ts';
import type { QueueItem } from '../../refinery/status.ts';
import { readQueue } from '../../refinery/queue.ts';
import type { Rig } from '../../rig/registry.ts';

const neighbour = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.number(),
  type: z.string(),
});

export const reviewSchema = z.object({
  id: z.string(),
  mr: z.string(),
  head: z.optional(z.string()),
  score: z.optional(z.number()),
  verdict: z.optional(z.string()),
  text: z.string(),
  by: z.string(),
  at: z.string(),
});

const evidence = z.looseObject({ cause: z.string(), summary: z.string(), at: z.string() });

/** `mq status --json`: the Go gt's keys, then ours. */
export const itemSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.number(),
  type: z.string(),
  assignee: z.optional(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.optional(z.string()),
  branch: z.string(),
  target: z.string(),
  source_issue: z.optional(z.string()),
  worker: z.optional(z.string()),
  rig: z.string(),
  merge_commit: z.optional(z.string()),
  close_reason: z.optional(z.string()),
  depends_on: z.array(neighbour),
  blocks: z.array(neighbour),
  phase: z.string(),
  commit_sha: z.optional(z.string()),
  retry_count: z.number(),
  group: z.optional(z.string()),
  chain_position: z.optional(z.number()),
  evidence: z.optional(evidence),
  reviews: z.array(reviewSchema),
});
export type ItemData = z.infer<typeof itemSchema>;

/** One merge request with its neighbours and its place in the chain. */
export async function readItemData(
  reads: LedgerReads,
  rig: Rig,
  facts: { readonly mr: MergeRequest; readonly now: number },
): Promise<ItemData> {
  const { mr } = facts;
  const { requests, lanes } = await readQueue(reads, rig);
  const items = queueItems(
    requests,
    lanes.map(({ record }) => record),
    facts.now,
  );
  const item = items.find((other) => other.mr.id === mr.id);
  const [from, to] = await Promise.all([reads.edgesFrom([mr.id]), reads.edgesTo([mr.id])]);
  return {
    ...basics(rig, mr, item),
    depends_on: await neighbours(reads, from, (edge) => edge.to),
    blocks: await neighbours(reads, to, (edge) => edge.from),
    reviews: [...(await listReviews(reads, { mr: mr.id }))],
  };
}

function basics(
  rig: Rig,
  mr: MergeRequest,
  item: QueueItem | undefined,
): Omit<ItemData, 'depends_on' | 'blocks' | 'reviews'> {
  const { bead } = mr;
  return {
    id: bead.id,
    title: bead.title,
    status: bead.status,
    priority: bead.priority,
    type: bead.type,
    assignee: bead.assignee || undefined,
    created_at: bead.createdAt,
    updated_at: bead.updatedAt,
    closed_at: bead.closedAt,
    branch: mr.branch,
    target: mr.target ?? rig.defaultBranch,
    source_issue: mr.sourceIssue,
    worker: mr.worker,
    rig: mr.rig ?? rig.name,
    merge_commit: mr.mergeCommit,
    close_reason: mr.closeReason,
    phase: item?.phase ?? mr.phase,
    commit_sha: mr.commit,
    retry_count: mr.retryCount,
    group: mr.group,
    chain_position: item?.chainPosition,
    evidence: mr.evidence === undefined ? undefined : { ...mr.evidence },
  };
}

async function neighbours(
  reads: LedgerReads,
  edges: readonly Edge[],
  end: (edge: Edge) => string,
): Promise<ItemData['depends_on']> {
  const ids = edges.filter((edge) => edge.type === 'blocks' && !edge.external).map(end);
  const beads: readonly Bead[] = ids.length === 0 ? [] : await reads.list({ ids });
  return beads.map(({ id, title, status, priority, type }) => ({ id, title, status, priority, type }));
}
