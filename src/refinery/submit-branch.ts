import { isGroupName } from '../beads/forms/merge-request-fields.ts';
import { submitMergeRequest } from '../beads/forms/merge-request.ts';
import type { SubmitOutcome } from '../beads/forms/merge-request.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead, LedgerTx } from '../beads/types.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import { formatAddress } from '../core/address.ts';
import { isBranchName } from '../core/branch.ts';
import { ExternalError, NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { issueOfBranch } from '../polecat/branch.ts';
import { epicBranchOf } from '../polecat/sling/epic-branch.ts';
import { readIntegration } from './integration/facts.ts';
import type { Rig } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { wakeDaemon } from '../town/wake.ts';

export interface BranchSubmission {
  /** A worktree or clone of the rig's repository. */
  readonly repo: string;
  /** Default: the branch checked out there. */
  readonly branch?: string | undefined;
  /** Default: the one the branch is named after. */
  readonly issue?: string | undefined;
  /** Land on this epic's integration branch. Default: the issue's base, its epic's branch, the rig's default branch. */
  readonly epic?: string | undefined;
  /** Name of a set that lands together or not at all; default: the issue's label `group:<name>`. */
  readonly group?: string | undefined;
  /** 0 … 4; default the issue's. */
  readonly priority?: number | undefined;
}

export interface BranchSubmitted extends SubmitOutcome {
  readonly branch: string;
  readonly target: string;
  readonly commit: Sha;
}

/**
 * Puts a branch of any worktree into the merge queue: push, read back from the remote, then the row (never the other
 * way round). The same branch and head again changes nothing.
 */
export async function submitBranch(
  ctx: TownContext,
  rig: Rig,
  request: BranchSubmission,
): Promise<BranchSubmitted> {
  const branch = request.branch ?? (await currentBranch(ctx, request.repo));
  checkBranch(rig, branch);
  if (request.group !== undefined && !isGroupName(request.group)) throw badGroup(request.group);
  const commit = await ctx.ports.git.objects.resolve(request.repo, `refs/heads/${branch}`);
  if (commit === undefined) throw noSuchBranch(branch);
  const issue = await findIssue(ctx, rig, { named: request.issue, branch });
  const target = await chooseTarget(ctx, rig, { epic: request.epic, issue });
  await pushBranch(ctx, rig, { repo: request.repo, branch, commit });
  const ledger = await ctx.ledgers.open(rig.database);
  const outcome = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const submitted = await submitMergeRequest(tx, {
      rig: rig.name,
      branch,
      target,
      commit,
      sourceIssue: issue?.id,
      worker: ctx.actor.role === 'polecat' ? ctx.actor.name : undefined,
      priority: request.priority ?? issue?.priority,
      group: request.group,
    });
    if (issue !== undefined && submitted.kind === 'created') {
      await tx.comment(issue.id, `MR created: ${submitted.mr.id}`);
      await claimIssue(tx, issue, formatAddress(ctx.actor));
    }
    return submitted;
  });
  await emitEvent(ctx, { type: 'MQ_SUBMIT', payload: { rig: rig.name, mr: outcome.mr.id, branch } });
  await wakeDaemon(ctx, 'queue');
  return { ...outcome, branch, target, commit };
}

async function currentBranch(ctx: TownContext, repo: string): Promise<string> {
  const { branch } = await ctx.ports.git.worktrees.status(repo);
  if (branch !== undefined) return branch;
  throw new UsageError({
    code: 'mq.no-branch',
    message: 'no branch is checked out here',
    hint: 'Run: gt mq submit --branch <branch>',
  });
}

function checkBranch(rig: Rig, branch: string): void {
  if (!isBranchName(branch)) {
    throw new UsageError({ code: 'mq.bad-branch', message: `'${branch.slice(0, 80)}' is no branch name` });
  }
  if (branch === rig.defaultBranch || branch === 'master') {
    throw new RefusedError({
      code: 'mq.default-branch',
      message: `${branch} is what others land on: it cannot be submitted`,
      hint: 'Put the work on a branch of its own: git switch -c <branch>',
    });
  }
}

/** The first thing in a branch name that looks like a bead id. */
function issueIn(branch: string): string | undefined {
  return /[a-z]+-[a-z0-9]+(?:\.[0-9]+)?/.exec(branch)?.[0];
}

/** A named issue must exist; one that is only read from the branch name need not. NotFoundError `bead.not-found`. */
async function findIssue(
  ctx: TownContext,
  rig: Rig,
  issue: { readonly named: string | undefined; readonly branch: string },
): Promise<Bead | undefined> {
  const ledger = await ctx.ledgers.open(rig.database);
  if (issue.named !== undefined) return ledger.find(issue.named);
  const guess = issueOfBranch(issue.branch) ?? issueIn(issue.branch);
  return guess === undefined ? undefined : ledger.get(guess);
}

async function chooseTarget(
  ctx: TownContext,
  rig: Rig,
  { epic, issue }: { readonly epic: string | undefined; readonly issue: Bead | undefined },
): Promise<string> {
  if (epic !== undefined) return (await branchOfEpic(ctx, epic)) ?? rig.defaultBranch;
  if (issue === undefined) return rig.defaultBranch;
  const { baseBranch } = slingTermsOf(issue);
  const reads = await ctx.ledgers.open(rig.database);
  return baseBranch ?? (await epicBranchOf(ctx, reads, { bead: issue, rig })) ?? rig.defaultBranch;
}

async function branchOfEpic(ctx: TownContext, id: string): Promise<string | undefined> {
  const { epic, branch, tip } = await readIntegration(ctx, id);
  if (tip !== undefined) return branch;
  throw new RefusedError({
    code: 'mq.not-ready',
    message: `${epic.id} has no integration branch on the remote`,
    hint: `Run: gt mq integration create ${epic.id}`,
  });
}

/** Work that nobody holds yet is held by who submits it: it must not be given to a worker as well. */
async function claimIssue(tx: LedgerTx, issue: Bead, by: string): Promise<void> {
  const now = await tx.get(issue.id);
  if (now?.status === 'open' && now.assignee === '') await tx.claim(issue.id, by);
}

/** A remote branch with commits that this one lacks is never overwritten. */
async function pushBranch(
  ctx: TownContext,
  rig: Rig,
  push: { readonly repo: string; readonly branch: string; readonly commit: Sha },
): Promise<void> {
  const { objects, remotes } = ctx.ports.git;
  const to = rig.pushUrl ?? rig.gitUrl;
  const tip = (await remotes.list(push.repo, to)).heads.get(push.branch);
  if (tip === push.commit) return;
  if (tip !== undefined) {
    const known = await objects.resolve(push.repo, tip);
    const isBehind = known !== undefined && (await objects.mergeBase(push.repo, tip, push.commit)) === tip;
    if (!isBehind) throw foreignTip(push.branch);
  }
  const update = { ref: `refs/heads/${push.branch}`, sha: push.commit, lease: tip ?? ('absent' as const) };
  const outcome = await remotes.push(push.repo, { to, updates: [update] });
  if ((await remotes.list(push.repo, to)).heads.get(push.branch) === push.commit) return;
  throw new ExternalError({
    code: 'mq.push-failed',
    message: `${push.branch} did not reach the remote: ${outcome.pushed ? 'it does not show it' : outcome.why}`,
    hint: 'Try again when the remote answers',
  });
}

function foreignTip(branch: string): RefusedError {
  return new RefusedError({
    code: 'mq.branch-foreign',
    message: `${branch} on the remote has commits that are not in yours`,
    hint: `Run: git pull --rebase origin ${branch}`,
  });
}

function badGroup(name: string): UsageError {
  return new UsageError({
    code: 'mq.bad-group',
    message: `'${name.slice(0, 80)}' is no name of a group: letters, digits, dot, dash and underscore`,
  });
}

function noSuchBranch(branch: string): NotFoundError {
  return new NotFoundError({
    code: 'mq.no-branch',
    message: `there is no branch '${branch}' here`,
    hint: 'Run: git branch',
  });
}
