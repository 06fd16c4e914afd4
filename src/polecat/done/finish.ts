import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { mergeRequestOfBranch } from '../../beads/forms/merge-request.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Sha, WorkerName } from '../../core/names.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import { cleanWorktree, lockWorktree } from '../../hooks/worktree.ts';
import type { PaneState } from '../../ports/panes.ts';
import type { Rig } from '../../rig/registry.ts';
import { stopSession } from '../../sessions/stop.ts';
import { polecatPaths } from '../../town/layout.ts';
import { readTownSettings } from '../../town/settings.ts';
import { isBranchOf, issueOfBranch } from '../branch.ts';
import { isSelfReportedStuck } from '../../beads/forms/agent-row.ts';

export interface FinishOutcome {
  /**
   * idle: worktree free, no session, row idle. ending: its turn is not over yet, look again later. skipped: it
   * holds work, is stuck, or there is no such worker.
   */
  readonly kind: 'idle' | 'ending' | 'skipped';
  readonly why: string;
  /** Refs that keep what was in the worktree and nowhere else. */
  readonly rescued: readonly string[];
}

/** After this an agent that handed in is stopped, whether its turn is over or not. */
const TURN_MS = 60_000;
const LOCK_MS = 500;

export interface FinishOptions {
  /** `leave`: the caller runs inside that session, which ends by itself or by its daemon. Default `end`. */
  readonly session?: 'end' | 'leave';
  /** What the caller knows, because it has just handed the work in. */
  readonly handedIn?: HandedIn | undefined;
}

export interface HandedIn {
  /** Read back from the remote. */
  readonly published: Sha | undefined;
  /** Branch the work is to land on. */
  readonly target: string;
  /** It is in the merge queue: the branch stays until it has landed. */
  readonly isQueued: boolean;
}

/**
 * G5 and G6: frees the worktree of a worker that holds nothing any more, ends its session at the end of its turn
 * and makes it idle. Safe to call at any time and as often as wanted.
 */
export async function finishDone(
  ctx: TownContext,
  rig: Rig,
  worker: WorkerName,
  options: FinishOptions = {},
): Promise<FinishOutcome> {
  const address = { role: 'polecat', rig: rig.name, name: worker } as const;
  const ledger = await ctx.ledgers.open(rig.database);
  const row = await readAgentRow(ledger, address, rig.prefix);
  if (row === undefined || row.agentState === 'nuked') return skipped('no such polecat');
  if (isSelfReportedStuck(row.agentState)) return skipped(`it reported ${row.agentState}`);
  ctx.failpoint('G5', 'before');
  const rescued = await releaseWorktree(ctx, rig, { row, worker, handedIn: options.handedIn });
  if (rescued === 'held') return skipped('it holds work');
  if (rescued === 'busy') return { kind: 'ending', why: 'somebody is at work on its worktree', rescued: [] };
  ctx.failpoint('G5', 'after');
  ctx.failpoint('G6', 'before');
  const stillUp = await endSession(ctx, rig, { row, options });
  ctx.failpoint('G6', 'after');
  return stillUp === undefined
    ? { kind: 'idle', why: 'released', rescued }
    : { kind: 'ending', why: stillUp, rescued };
}

function skipped(why: string): FinishOutcome {
  return { kind: 'skipped', why, rescued: [] };
}

interface Release {
  readonly row: AgentRow;
  readonly worker: WorkerName;
  readonly handedIn: HandedIn | undefined;
}

/**
 * G5: HEAD goes to the base, off the branch; anything that is nowhere else goes into a rescue ref first. `busy` when
 * somebody else has the worktree just now: a daemon must not wait for them.
 */
async function releaseWorktree(
  ctx: TownContext,
  rig: Rig,
  { row, worker, handedIn }: Release,
): Promise<readonly string[] | 'held' | 'busy'> {
  const lock = await lockIfFree(ctx, rig, worker);
  if (lock === undefined) return 'busy';
  await using _lock = lock;
  // Under the lock: nobody can give it new work meanwhile.
  const ledger = await ctx.ledgers.open(rig.database);
  if ((await readAgentWork(ledger, row.address)).held.length > 0) return 'held';
  const { worktree: path } = polecatPaths(ctx.root, rig.name, worker);
  if ((await ctx.ports.files.stat(path)) === undefined) return [];
  const base = await ctx.ports.git.objects.resolve(
    rig.paths.bare,
    `refs/remotes/origin/${handedIn?.target ?? (await baseOf(ctx, rig, row))}`,
  );
  const { published, isQueued = false } = handedIn ?? {};
  const rescued = await cleanWorktree(ctx, rig, { worker, path, to: base, published });
  if (base !== undefined && !isQueued) await dropSpentBranch(ctx, rig, { row, worker, base });
  return rescued;
}

/** A branch that came to nothing, or that the base holds whole, with no merge request on it: nobody needs it. */
async function dropSpentBranch(
  ctx: TownContext,
  rig: Rig,
  { row, worker, base }: { readonly row: AgentRow; readonly worker: WorkerName; readonly base: Sha },
): Promise<void> {
  const { branch } = row;
  if (branch === undefined || !isBranchOf(branch, worker)) return;
  const ledger = await ctx.ledgers.open(rig.database);
  if ((await mergeRequestOfBranch(ledger, branch, rig.name)) !== undefined) return;
  const { objects, worktrees } = ctx.ports.git;
  const { bare } = rig.paths;
  const ref = `refs/heads/${branch}`;
  const tip = await objects.resolve(bare, ref);
  if (tip === undefined || (await objects.mergeBase(bare, tip, base)) !== tip) return;
  if ((await worktrees.list(bare)).some((entry) => entry.branch === branch)) return;
  await objects.updateRef(bare, ref, { to: undefined, from: tip });
}

async function lockIfFree(
  ctx: TownContext,
  rig: Rig,
  worker: WorkerName,
): Promise<AsyncDisposable | undefined> {
  try {
    return await lockWorktree(ctx, rig, { worker, purpose: 'release the worktree', waitMs: LOCK_MS });
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'lock.held') return undefined;
    throw error;
  }
}

async function baseOf(ctx: TownContext, rig: Rig, row: AgentRow): Promise<string> {
  const issue = issueOfBranch(row.branch ?? '');
  const bead = issue === undefined ? undefined : await (await ctx.ledgers.open(rig.database)).get(issue);
  return (bead === undefined ? undefined : slingTermsOf(bead).baseBranch) ?? rig.defaultBranch;
}

/** G6. undefined when the worker is idle now, else why its session is still up. */
async function endSession(
  ctx: TownContext,
  rig: Rig,
  { row, options }: { readonly row: AgentRow; readonly options: FinishOptions },
): Promise<string | undefined> {
  const session = sessionOf(row.address, rig.prefix);
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'unreadable') return `session unreadable: ${seen.why}`;
  if (seen.kind === 'live') {
    if (options.session === 'leave' || !(await mayEnd(ctx, seen.state, row))) return 'its turn is not over';
    if (!(await stopSession(ctx, session))) return 'its session does not end';
  }
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await readAgentRow(tx, row.address, rig.prefix);
    const held = (await readAgentWork(tx, row.address)).held.length > 0;
    // A newer spawn belongs to newer work.
    if (now === undefined || now.spawn !== row.spawn || held || isSelfReportedStuck(now.agentState)) return;
    if (now.agentState !== 'idle')
      await writeAgentRow(tx, row.address, rig.prefix, { agentState: 'idle', hookBead: null });
  });
  return undefined;
}

/** At a prompt, or long enough after it handed in; a town may keep finished sessions for people to look at. */
async function mayEnd(ctx: TownContext, { state }: PaneState, row: AgentRow): Promise<boolean> {
  const settings = await readTownSettings(ctx);
  const endsSoon = settings.get('operational.daemon.polecat_self_terminate');
  if (state === 'exiting' || (endsSoon && state === 'idle')) return true;
  const since = Date.parse(row.completionTime ?? '');
  const patience = endsSoon ? TURN_MS : settings.get('operational.daemon.polecat_idle_session_timeout');
  return !Number.isNaN(since) && ctx.ports.clock.now() - since > patience;
}
