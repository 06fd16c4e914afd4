import { closeMergeRequest, updateMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest, MrEvidence } from '../beads/forms/merge-request.ts';
import { enqueueSling } from '../beads/forms/sling-context.ts';
import { DISPATCH_KEY, SCRIPT_KEY, slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../beads/types.ts';
import type { BeadId, Sha } from '../core/names.ts';
import { CONFLICT_OF_KEY } from '../polecat/done/conflict-task.ts';
import { oneLine } from '../core/text.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';

const CONFLICT_TASK_LABEL = 'gt:task';

export interface Conflict {
  readonly mr: MergeRequest;
  readonly head: Sha;
  /** Tip of the target that it does not merge with. */
  readonly target: Sha;
  readonly paths: readonly string[];
}

/**
 * Blocks a merge request that does not merge with the target behind one task to repair its branch; the queue
 * goes on without it. After too many conflicts it is given up. Returns the task; undefined when given up.
 */
export async function recordConflict(
  tx: LedgerTx,
  engine: Engine,
  conflict: Conflict,
): Promise<BeadId | undefined> {
  const { mr } = conflict;
  const evidence = conflictEvidence(engine, conflict);
  const cycles = mr.retryCount + 1;
  if (cycles > engine.settings.maxConflicts) {
    await giveUp(tx, mr, evidence);
    return undefined;
  }
  const source = mr.sourceIssue === undefined ? undefined : await tx.get(mr.sourceIssue);
  const task = (await openTask(tx, mr)) ?? (await createTask(tx, engine, { conflict, source, cycles }));
  await tx.addEdge({ from: mr.id, to: task, type: 'blocks' });
  await updateMergeRequest(tx, mr, {
    fields: {
      phase: 'blocked',
      commit: conflict.head,
      retryCount: cycles,
      lastConflictSha: conflict.target,
      conflictTaskId: task,
      evidence,
    },
    status: 'open',
    assignee: '',
  });
  return task;
}

function conflictEvidence(engine: Engine, { mr, head, target, paths }: Conflict): MrEvidence {
  const names = paths.slice(0, 3).join(', ');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return {
    cause: 'conflict',
    summary: oneLine(`${mr.branch} conflicts with ${engine.lane.record.target} in ${names}${more}`, 240),
    at: timestamp(engine.ctx),
    paths: paths.slice(0, 100),
    head,
    target,
  };
}

/** One task per conflict, however often the queue looks. */
async function openTask(tx: LedgerTx, mr: MergeRequest): Promise<BeadId | undefined> {
  const known = mr.conflictTaskId === undefined ? undefined : await tx.get(mr.conflictTaskId);
  return known === undefined || known.status === 'closed' ? undefined : known.id;
}

async function createTask(
  tx: LedgerTx,
  engine: Engine,
  facts: { readonly conflict: Conflict; readonly source: Bead | undefined; readonly cycles: number },
): Promise<BeadId> {
  const { conflict, source, cycles } = facts;
  const { mr } = conflict;
  const title = oneLine(`Resolve merge conflicts: ${source?.title ?? mr.branch}`, 300);
  const task = await tx.create({
    title,
    type: 'task',
    priority: mr.bead.priority,
    labels: [CONFLICT_TASK_LABEL],
    noInheritLabels: true,
    description: taskText(engine, conflict, cycles),
    metadata: { [CONFLICT_OF_KEY]: mr.id, branch: mr.branch },
  });
  // A script cannot resolve a conflict: its task waits for a person.
  if (source !== undefined && source.metadata[SCRIPT_KEY] !== undefined) {
    await tx.comment(task.id, `${source.id} is done by a script, so nobody is dispatched: attention needed`);
    return task.id;
  }
  await enqueueSling(tx, {
    workBead: task.id,
    title,
    rig: engine.rig.name,
    enqueuedAt: timestamp(engine.ctx),
    agent: source === undefined ? undefined : slingTermsOf(source).agent,
    baseBranch: baseOf(engine),
    vars: { prior_branch: mr.branch, prior_failure: `conflicts with ${engine.lane.record.target}` },
  });
  return task.id;
}

/** Named only where it is not the rig's own default. */
function baseOf({ lane, rig }: Engine): string | undefined {
  return lane.record.target === rig.defaultBranch ? undefined : lane.record.target;
}

function taskText(engine: Engine, { mr, target, paths }: Conflict, cycles: number): string {
  const { target: name } = engine.lane.record;
  return [
    `- Original MR: ${mr.id}`,
    `- Branch: ${mr.branch}`,
    `- Conflict with: ${name}@${target}`,
    `- Original issue: ${mr.sourceIssue ?? 'none'}`,
    `- Retry count: ${cycles}`,
    '',
    `The branch ${mr.branch} no longer merges with ${name}. Rebase it onto origin/${name}, keep what both sides`,
    `meant, run the tests, then run gt done: it pushes that branch and puts it back into the queue. Never push`,
    `${name} itself.`,
    '',
    'Conflicting files:',
    ...paths.slice(0, 100).map((path) => `- ${oneLine(path)}`),
  ].join('\n');
}

async function giveUp(tx: LedgerTx, mr: MergeRequest, evidence: MrEvidence): Promise<void> {
  await updateMergeRequest(tx, mr, { fields: { evidence } });
  await closeMergeRequest(tx, mr, { phase: 'conflict', reason: `conflict: ${evidence.summary}` });
  const source = mr.sourceIssue === undefined ? undefined : await tx.get(mr.sourceIssue);
  if (source === undefined || source.status === 'closed') return;
  await tx.update(source.id, { status: 'blocked', assignee: '', metadata: { [DISPATCH_KEY]: null } });
  await tx.comment(
    source.id,
    `Escalated by the merge queue (${mr.id}): ${evidence.summary}, for the ${mr.retryCount + 1}th time`,
  );
}
