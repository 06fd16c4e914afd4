import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { readBackCommand, rescueWorktree } from '../../hooks/rescue.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import { announceDone } from './announce.ts';
import { writeExit } from './exits.ts';
import type { DoneExit, ExitStep } from './exits.ts';
import { findDoneSubject, readDoneWork } from './facts.ts';
import type { DoneSubject, DoneWork } from './facts.ts';
import { finishDone } from './finish.ts';
import { clearIntent, writeIntent, writePushed } from './intent.ts';
import { planDone } from './plan.ts';
import type { DoneStep } from './plan.ts';
import { commitLeftovers, placeBranch } from './prepare-branch.ts';
import { pushBranch } from './push.ts';
import type { DoneRequest } from './request.ts';

/** What `gt done` did. */
export interface DoneReport {
  readonly bead: string;
  readonly title: string;
  readonly exit:
    | DoneExit
    | { readonly kind: 'already'; readonly how: 'submitted' | 'closed'; readonly mr: string | undefined };
  readonly branch: string | undefined;
  readonly head: Sha | undefined;
  readonly rescued: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Hands in the work of a polecat (spec 11 G). Can be run again after a kill at any step: what was done is found
 * done. A refusal changes nothing and leaves the worker at work.
 */
export async function runDone(ctx: TownContext, request: DoneRequest): Promise<DoneReport> {
  const subject = await findDoneSubject(ctx, request);
  const handedIn =
    subject.hold === 'held' ? await handIn(ctx, subject, request) : alreadyDone(subject, subject.hold);
  const report =
    handedIn.exit.kind === 'escalated' ? handedIn : await release(ctx, subject, { request, handedIn });
  ctx.failpoint('G7', 'before');
  await announceDone(ctx, subject, report);
  ctx.failpoint('G7', 'after');
  return report;
}

/** G5 and G6. What was made after the hand-in is not part of it: it is kept and named. */
async function release(
  ctx: TownContext,
  { rig, worker }: DoneSubject,
  { request, handedIn }: { readonly request: DoneRequest; readonly handedIn: DoneReport },
): Promise<DoneReport> {
  const session = request.spawn === undefined ? 'end' : 'leave';
  const { rescued } = await finishDone(ctx, rig, worker, { session });
  const isLate = handedIn.exit.kind === 'already';
  const late = isLate ? rescued.map((ref) => `not handed in, kept: ${readBackCommand(rig, ref)}`) : [];
  return {
    ...handedIn,
    rescued: [...handedIn.rescued, ...rescued],
    warnings: [...handedIn.warnings, ...late],
  };
}

function alreadyDone(subject: DoneSubject, how: 'submitted' | 'closed'): DoneReport {
  const { bead, mr, row } = subject;
  return {
    bead: bead.id,
    title: bead.title,
    exit: { kind: 'already', how, mr: mr?.id },
    branch: row.branch,
    head: mr?.commit,
    rescued: [],
    warnings: [],
  };
}

/** G1-G4, under the worktree's lock. */
async function handIn(ctx: TownContext, subject: DoneSubject, request: DoneRequest): Promise<DoneReport> {
  const { rig, worker, bead } = subject;
  await using _lock = await lockWorktree(ctx, rig, { worker, purpose: `hand in ${bead.id}` });
  ctx.failpoint('G1', 'before');
  const work = await readDoneWork(ctx, subject, request);
  const plan = planDone(subject, work, request);
  if (!plan.ok) throw plan.error;
  await writeIntent(ctx, subject, request);
  ctx.failpoint('G1', 'after');
  try {
    const done = await runSteps(ctx, { subject, work, request, steps: plan.steps });
    return { bead: bead.id, title: bead.title, branch: work.branch, warnings: plan.warnings, ...done };
  } catch (error) {
    // Whoever is told "no" goes on working; a failure of the outside world stays a done that can be carried on.
    if (error instanceof RefusedError || error instanceof UsageError) await clearIntent(ctx, subject);
    throw error;
  }
}

interface Steps {
  readonly subject: DoneSubject;
  readonly work: DoneWork;
  readonly request: DoneRequest;
  readonly steps: readonly DoneStep[];
}

async function runSteps(
  ctx: TownContext,
  { subject, work, request, steps }: Steps,
): Promise<Pick<DoneReport, 'exit' | 'head' | 'rescued'>> {
  const { rig, worker } = subject;
  let { head } = work;
  const rescued: string[] = [];
  ctx.failpoint('G2', 'before');
  if (steps.some((step) => step.do === 'rescue')) {
    rescued.push(...(await rescueWorktree(ctx, rig, work.worktree, worker)).refs);
  }
  if (steps.some((step) => step.do === 'commit')) head = await commitLeftovers(ctx, subject, work);
  await placeBranch(ctx, { subject, work, head });
  ctx.failpoint('G2', 'after');
  ctx.failpoint('G3', 'before');
  const pushes = steps.some((step) => step.do === 'push');
  if (pushes) {
    await pushBranch(ctx, { rig, worker, worktree: work.worktree, branch: work.branch, head });
    await writePushed(ctx, subject, head);
  }
  ctx.failpoint('G3', 'after');
  const exitStep = steps.find(isExit);
  if (exitStep === undefined) throw new RefusedError({ code: 'done.no-exit', message: 'nothing to hand in' });
  ctx.failpoint('G4', 'before');
  const exit = await exitBy(ctx, exitStep, { subject, work, request, head, saved: pushes });
  ctx.failpoint('G4', 'after');
  return { exit, head, rescued };
}

function isExit(step: DoneStep): step is ExitStep {
  return step.do !== 'commit' && step.do !== 'rescue' && step.do !== 'push';
}

interface Exit {
  readonly subject: DoneSubject;
  readonly work: DoneWork;
  readonly request: DoneRequest;
  readonly head: Sha;
  readonly saved: boolean;
}

async function exitBy(ctx: TownContext, step: ExitStep, exit: Exit): Promise<DoneExit> {
  const { subject, work, request, head, saved } = exit;
  const { rig, terms } = subject;
  const ledger = await ctx.ledgers.open(rig.database);
  const facts = {
    subject,
    request,
    head,
    saved,
    branch: work.branch,
    target: work.target,
    base: work.base,
    at: new Date(ctx.ports.clock.now()).toISOString(),
    convoyCreatedAt: await convoyTime(ctx, terms.convoy),
  };
  return ledger.transaction(formatAddress(ctx.actor), (tx) => writeExit(tx, step, facts));
}

async function convoyTime(ctx: TownContext, convoy: string | undefined): Promise<string | undefined> {
  return convoy === undefined ? undefined : (await (await ctx.ledgers.hq()).get(convoy))?.createdAt;
}
