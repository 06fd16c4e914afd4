import type { MergeRequest, MrEvidence } from '../beads/forms/merge-request.ts';
import { closeSlingContexts, enqueueSling } from '../beads/forms/sling-context.ts';
import { DISPATCH_KEY, SCRIPT_KEY, slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../beads/types.ts';
import type { Rig } from '../rig/registry.ts';
import type { Engine } from './engine.ts';
import { timestamp } from './engine.ts';
import { workerOf } from './close-landed.ts';

/** Tries of one bead before a person has to look. */
const MAX_ATTEMPTS = 3;

/** What becomes of work that was not landed (spec 11 I). */
type SendBackPlan =
  /** The worker's runtime can read the evidence: the bead is dispatched again, on the same branch. */
  | { readonly kind: 'rework' }
  /** A person must look. */
  | { readonly kind: 'block'; readonly why: string }
  /** A person's work, or in other hands by now: only the evidence is left with it. */
  | { readonly kind: 'tell' };

/** @param attempts tries before this one */
export function planSendBack(bead: Bead, attempts: number): SendBackPlan {
  const isHeld = bead.status === 'in_progress' || bead.status === 'hooked';
  if (!isHeld || !bead.assignee.includes('/polecats/')) return { kind: 'tell' };
  if (bead.metadata[SCRIPT_KEY] !== undefined) return { kind: 'block', why: 'a script cannot rework it' };
  return attempts + 1 < MAX_ATTEMPTS
    ? { kind: 'rework' }
    : { kind: 'block', why: `it was tried ${attempts + 1} times` };
}

export interface SendBack {
  readonly mr: MergeRequest;
  readonly evidence: MrEvidence;
  readonly attempts: number;
}

/** Gives the source issue back, inside the transaction that evicts its merge request. */
export async function sendBack(tx: LedgerTx, engine: Engine, request: SendBack): Promise<void> {
  const { mr, evidence } = request;
  const bead = mr.sourceIssue === undefined ? undefined : await tx.get(mr.sourceIssue);
  if (bead === undefined) return;
  const plan = planSendBack(bead, request.attempts);
  await tx.comment(bead.id, describe(mr, evidence, plan));
  switch (plan.kind) {
    case 'tell':
      return;
    case 'block':
      await tx.update(bead.id, { status: 'blocked', assignee: '', metadata: { [DISPATCH_KEY]: null } });
      await closeSlingContexts(tx, bead.id, 'blocked');
      return;
    case 'rework':
      await tx.update(bead.id, { status: 'open', assignee: '', metadata: { [DISPATCH_KEY]: null } });
      await requeue(tx, { rig: engine.rig, bead, mr, failure: evidence.summary, at: timestamp(engine.ctx) });
  }
}

async function requeue(
  tx: LedgerTx,
  rework: {
    readonly rig: Rig;
    readonly bead: Bead;
    readonly mr: MergeRequest;
    readonly failure: string;
    readonly at: string;
  },
): Promise<void> {
  const { rig, bead, mr } = rework;
  const terms = slingTermsOf(bead);
  const worker = workerOf(mr, rig.name);
  await enqueueSling(tx, {
    ...terms,
    workBead: bead.id,
    title: bead.title,
    rig: rig.name,
    enqueuedAt: rework.at,
    worker: worker?.role === 'polecat' ? worker.name : undefined,
    vars: { ...terms.vars, prior_branch: mr.branch, prior_failure: rework.failure },
  });
}

function describe(mr: MergeRequest, evidence: MrEvidence, plan: SendBackPlan): string {
  const next = {
    rework: 'It is queued again and goes on from its branch.',
    block: `Escalated: ${plan.kind === 'block' ? plan.why : ''}. Run: gt mq explain ${mr.id}`,
    tell: `Run: gt mq explain ${mr.id}`,
  }[plan.kind];
  const lines = [
    `Sent back by the merge queue (${mr.id}): ${evidence.summary}`,
    ...(evidence.failing ?? []).slice(0, 20).map((test) => `- ${test}`),
    ...(evidence.tail === undefined || evidence.tail.length === 0 ? [] : ['', ...evidence.tail]),
    ...(evidence.logs ?? []).slice(-1).map((log) => `Log: ${log}`),
    next,
  ];
  return lines.join('\n');
}
