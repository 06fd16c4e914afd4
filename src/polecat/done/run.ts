import type { TownContext } from '../../beads/context.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { rescueWorktree } from '../../hooks/rescue.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import { touchHeartbeat } from '../../town/heartbeat.ts';
import { announceDone } from './announce.ts';
import { writeExit } from './exits.ts';
import type { DoneExit } from './exits.ts';
import { findDoneSubject, workerOf } from './facts.ts';
import type { DoneSubject } from './facts.ts';
import { finishDone } from './finish.ts';
import type { HandedIn } from './finish.ts';
import { clearIntent, writeIntent, writeLanding, writePushed } from './intent.ts';
import { landDirectly } from './land.ts';
import { planDone } from './plan.ts';
import type { DonePlan } from './plan.ts';
import { commitLeftovers, placeBranch } from './prepare-branch.ts';
import { pushBranch } from './push.ts';
import { askForReview, callForHelp } from './letters.ts';
import { resumed } from './resume-request.ts';
import type { DoneRequest } from './request.ts';
import { hasWork, readDoneWork } from './work.ts';
import type { DoneWork } from './work.ts';

/** What `gt done` did. */
export interface DoneReport {
  readonly bead: string;
  readonly title: string;
  readonly exit:
    | DoneExit
    | { readonly kind: 'already'; readonly how: 'submitted' | 'closed'; readonly mr: string | undefined };
  readonly branch: string | undefined;
  /** Branch to land on; undefined when nothing was handed in now. */
  readonly target: string | undefined;
  readonly head: Sha | undefined;
  /** This run has read `head` back from the remote. */
  readonly isPublished: boolean;
  readonly rescued: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Hands in the work of a polecat (spec 11 G). Can be run again after a kill at any step: what was done is found
 * done. A refusal changes nothing and leaves the worker at work.
 */
export async function runDone(ctx: TownContext, asked: DoneRequest): Promise<DoneReport> {
  const { subject, request, handedIn } = await underLock(ctx, asked);
  const report =
    handedIn.exit.kind === 'escalated' ? handedIn : await release(ctx, subject, { request, handedIn });
  ctx.failpoint('G7', 'before');
  await announceDone(ctx, subject, { report, request });
  ctx.failpoint('G7', 'after');
  return report;
}

/** The lock first: what was read before it could be another done's, or of a session that was replaced meanwhile. */
async function underLock(ctx: TownContext, asked: DoneRequest) {
  const own = await workerOf(ctx, asked.agent);
  await using _lock = await lockWorktree(ctx, own.rig, { worker: own.worker, purpose: 'hand in' });
  const subject = await findDoneSubject(ctx, own, asked);
  const { hold } = subject;
  const request = asked.resume === true && hold === 'held' ? resumed(subject, asked) : asked;
  const handedIn = hold === 'held' ? await handIn(ctx, subject, request) : alreadyDone(subject, hold);
  return { subject, request, handedIn };
}

/** G5 and G6. What was made after the hand-in is not part of it: it is kept and named. */
async function release(
  ctx: TownContext,
  { rig, worker }: DoneSubject,
  { request, handedIn }: { readonly request: DoneRequest; readonly handedIn: DoneReport },
): Promise<DoneReport> {
  const session = request.spawn === undefined ? 'end' : 'leave';
  const { rescued } = await finishDone(ctx, rig, worker, { session, handedIn: knownOf(handedIn) });
  const isLate = handedIn.exit.kind === 'already';
  const late = isLate ? rescued.map((ref) => `not handed in, kept: ${readBackCommand(ref)}`) : [];
  return {
    ...handedIn,
    rescued: [...handedIn.rescued, ...rescued],
    warnings: [...handedIn.warnings, ...late],
  };
}

function knownOf({ target, isPublished, head, exit }: DoneReport): HandedIn | undefined {
  if (target === undefined) return undefined;
  const isQueued = exit.kind === 'submitted' || exit.kind === 'repinned';
  return { target, published: isPublished ? head : undefined, isQueued };
}

function alreadyDone(subject: DoneSubject, how: 'submitted' | 'closed'): DoneReport {
  const { bead, mr, row } = subject;
  return {
    bead: bead.id,
    title: bead.title,
    exit: { kind: 'already', how, mr: mr?.id },
    branch: row.branch,
    target: undefined,
    head: mr?.commit,
    isPublished: false,
    rescued: [],
    warnings: [],
  };
}

/** G1-G4, under the worktree's lock. */
async function handIn(ctx: TownContext, subject: DoneSubject, request: DoneRequest): Promise<DoneReport> {
  const { bead } = subject;
  ctx.failpoint('G1', 'before');
  const work = await readDoneWork(ctx, subject, request);
  const plan = planDone(subject, work, request);
  if (!plan.ok) throw plan.error;
  await writeIntent(ctx, subject, request);
  await sayState(ctx, subject, { request, state: 'exiting' });
  ctx.failpoint('G1', 'after');
  try {
    const done = await carryOut(ctx, { subject, work, request, plan });
    const { branch, target } = work;
    return { bead: bead.id, title: bead.title, branch, target, ...done };
  } catch (error) {
    // Whoever is told "no" goes on working; a failure of the outside world stays a done that can be carried on.
    if (error instanceof RefusedError || error instanceof UsageError) {
      await clearIntent(ctx, subject);
      await sayState(ctx, subject, { request, state: 'working' });
    }
    throw error;
  }
}

/** Only the session itself says how it is. */
async function sayState(
  ctx: TownContext,
  { row, rig }: DoneSubject,
  { request, state }: { readonly request: DoneRequest; readonly state: 'working' | 'exiting' },
): Promise<void> {
  const { spawn } = request;
  if (spawn !== undefined) await touchHeartbeat(ctx, sessionOf(row.address, rig.prefix), { spawn, state });
}

interface HandIn {
  readonly subject: DoneSubject;
  readonly work: DoneWork;
  readonly request: DoneRequest;
  readonly plan: Extract<DonePlan, { readonly ok: true }>;
}

async function carryOut(
  ctx: TownContext,
  handing: HandIn,
): Promise<Pick<DoneReport, 'exit' | 'head' | 'isPublished' | 'rescued' | 'warnings'>> {
  const { subject, work, plan } = handing;
  const { rig, worker } = subject;
  ctx.failpoint('G2', 'before');
  const rescued = plan.steps.includes('rescue')
    ? (await rescueWorktree(ctx, rig, { path: work.worktree, label: worker })).refs
    : [];
  const head = plan.steps.includes('commit') ? await commitLeftovers(ctx, subject, work) : work.head;
  // On its branch the commit has moved it already.
  if (work.status.branch !== work.branch) await placeBranch(ctx, { subject, work, head });
  ctx.failpoint('G2', 'after');
  const unverified = await verify(handing, head);
  ctx.failpoint('G3', 'before');
  const isPublished = await publish(ctx, handing, head);
  if (plan.exit.do === 'close-unmerged') await askForReview(ctx, { subject, work, head });
  if (plan.exit.do === 'escalate')
    await callForHelp(ctx, { handing: { subject, work, head }, reason: plan.exit.reason });
  ctx.failpoint('G3', 'after');
  ctx.failpoint('G4', 'before');
  // Only what this run has seen pass is written down as verified.
  const isVerified = handing.request.preVerified === true && unverified === undefined;
  const told = { ...handing, request: { ...handing.request, preVerified: isVerified } };
  const exit = await exitBy(ctx, told, { head, rescued });
  ctx.failpoint('G4', 'after');
  const warnings =
    unverified === undefined ? plan.warnings : [...plan.warnings, `not verified: ${unverified}`];
  return { exit, head, isPublished, rescued, warnings };
}

/** Before anything leaves: a refusal leaves the worker at work. Why it is not verified, if it was asked for. */
async function verify({ subject, work, request, plan }: HandIn, head: Sha): Promise<string | undefined> {
  if (request.preVerified !== true || !plan.steps.includes('push') || plan.exit.do !== 'submit')
    return undefined;
  if (request.verify === undefined) return 'this done was carried on by somebody else';
  return request.verify({ rig: subject.rig, head, target: work.target });
}

/** G3: what leaves this machine, and is read back. False = nothing had to. */
async function publish(ctx: TownContext, { subject, work, plan }: HandIn, head: Sha): Promise<boolean> {
  const { rig, worker } = subject;
  const { worktree, branch, pushHeads: heads, target } = work;
  if (plan.steps.includes('push')) {
    await pushBranch(ctx, { rig, worker, worktree, branch, head, heads });
    await writePushed(ctx, subject, head);
  }
  if (plan.steps.includes('land')) {
    const record = (): Promise<void> => writeLanding(ctx, subject, { target, commit: head });
    await landDirectly(ctx, { subject, work, head, record });
  }
  return plan.steps.includes('push') || plan.steps.includes('land');
}

async function exitBy(
  ctx: TownContext,
  { subject, work, request, plan }: HandIn,
  { head, rescued }: { readonly head: Sha; readonly rescued: readonly string[] },
): Promise<DoneExit> {
  const ledger = await ctx.ledgers.open(subject.rig.database);
  const facts = {
    subject,
    request,
    head,
    isSaved: hasWork(work) && work.status.operation === undefined,
    kept: rescued.map(readBackCommand),
    branch: work.branch,
    target: work.target,
    base: work.base,
    at: new Date(ctx.ports.clock.now()).toISOString(),
  };
  return ledger.transaction(formatAddress(ctx.actor), (tx) => writeExit(tx, plan.exit, facts));
}
