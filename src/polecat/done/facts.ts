import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { isLive, openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import type { Sha, WorkerName } from '../../core/names.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import type { WorktreeStatus } from '../../ports/git.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';
import { issueOfBranch } from '../branch.ts';
import { readConflictTask } from './conflict-task.ts';
import type { ConflictTask } from './conflict-task.ts';
import type { DoneRequest } from './request.ts';

/** Who ends which work, before anything is looked at in git. */
export interface DoneSubject {
  readonly rig: Rig;
  readonly worker: WorkerName;
  readonly row: AgentRow;
  /** The bead; whether the worker still holds it, has handed it in, or it is closed, is in `hold`. */
  readonly bead: Bead;
  readonly hold: 'held' | 'submitted' | 'closed';
  /** The live merge request of a submitted bead. */
  readonly mr: MergeRequest | undefined;
  /** The issue's merge request that was sent back. */
  readonly evicted: MergeRequest | undefined;
  /** Set when the bead is a conflict to resolve on another bead's branch. */
  readonly conflict: ConflictTask | undefined;
  readonly terms: SlingTerms;
}

/** The state of the worktree against what it is to land on. */
export interface DoneWork {
  readonly worktree: string;
  /** Branch of the dispatch: what is pushed. */
  readonly branch: string;
  /** Branch the work lands on. */
  readonly target: string;
  readonly base: Sha;
  readonly head: Sha;
  readonly status: WorktreeStatus;
  /** Commits of HEAD that the base has not; counted up to 1000. */
  readonly ahead: number;
  readonly behind: number;
}

/** Finds worker and bead. RefusedError `done.not-polecat`, `done.replaced`, `done.nothing-held`; NotFoundError `done.no-row`. */
export async function findDoneSubject(ctx: TownContext, request: DoneRequest): Promise<DoneSubject> {
  const { agent } = request;
  if (agent.role !== 'polecat') {
    throw new RefusedError({
      code: 'done.not-polecat',
      message: `${formatAddress(agent)} is no polecat: only polecats hand in their work with gt done`,
      hint: 'A branch of your own: gt mq submit',
    });
  }
  const rig = await rigNamed(ctx, agent.rig);
  const ledger = await ctx.ledgers.open(rig.database);
  const row = await readAgentRow(ledger, agent, rig.prefix);
  if (row === undefined) {
    throw new NotFoundError({
      code: 'done.no-row',
      message: `the ledger knows no polecat ${agent.name} in ${rig.name}`,
    });
  }
  checkSpawn(row, request);
  const bead = await findBead(ledger, row, request);
  const requests = (await openMergeRequests(ledger, rig.name)).filter((mr) => mr.sourceIssue === bead.id);
  const mr = requests.find(isLive);
  return {
    rig,
    worker: agent.name,
    row,
    bead,
    mr,
    hold: holdOf(bead, mr, row),
    evicted: requests.find((each) => each.phase === 'evicted'),
    conflict: await readConflictTask(ledger, bead),
    terms: slingTermsOf(bead),
  };
}

/** A session that was replaced must not hand in over its successor's head (D10). */
function checkSpawn(row: AgentRow, { spawn }: DoneRequest): void {
  if (spawn === undefined || spawn >= row.spawn) return;
  throw new RefusedError({
    code: 'done.replaced',
    message: `this session (spawn ${spawn}) was replaced by a newer one (spawn ${row.spawn})`,
    hint: 'Stop here: the newer session goes on with the work',
  });
}

async function findBead(ledger: Ledger, row: AgentRow, request: DoneRequest): Promise<Bead> {
  if (request.issue !== undefined) return ledger.find(request.issue);
  const { held } = await readAgentWork(ledger, row.address);
  const ofBranch = issueOfBranch(row.branch ?? '');
  const found = held.find((bead) => bead.id === ofBranch) ?? held[0];
  if (found !== undefined) return found;
  const past = ofBranch === undefined ? undefined : await ledger.get(ofBranch);
  if (past !== undefined) return past;
  throw new RefusedError({
    code: 'done.nothing-held',
    message: `${formatAddress(row.address)} holds no work`,
    hint: 'Nothing to hand in: end your turn',
  });
}

function holdOf(bead: Bead, mr: MergeRequest | undefined, row: AgentRow): DoneSubject['hold'] {
  if (bead.status === 'closed') return 'closed';
  if (bead.assignee !== formatAddress(row.address)) {
    const where = bead.assignee === '' ? bead.status : `on ${bead.assignee}`;
    throw new RefusedError({
      code: 'done.not-yours',
      message: `${bead.id} is ${where}, not on ${formatAddress(row.address)}`,
      hint: 'Stop here: run gt hook to see what you hold',
    });
  }
  return mr === undefined ? 'held' : 'submitted';
}

/** Looks into the worktree and at the base it is to land on. UnreadableError when git cannot tell. */
export async function readDoneWork(
  ctx: TownContext,
  subject: DoneSubject,
  request: DoneRequest,
): Promise<DoneWork> {
  const { rig, worker, row, terms, conflict } = subject;
  const { worktree } = polecatPaths(ctx.root, rig.name, worker);
  const target = conflict?.target ?? request.target ?? terms.baseBranch ?? rig.defaultBranch;
  const { base } = await findStartPoint(ctx, rig, { base: target });
  const status = await ctx.ports.git.worktrees.status(worktree);
  const { head } = status;
  const branch = conflict?.mr.branch ?? row.branch;
  if (head === undefined || branch === undefined) {
    throw new RefusedError({
      code: 'done.no-branch',
      message: `${rig.name}/${worker} has no branch to hand in`,
    });
  }
  const { objects } = ctx.ports.git;
  const count = async (from: Sha, to: Sha): Promise<number> =>
    (await objects.log(rig.paths.bare, { from, to, limit: 1000 })).length;
  return {
    worktree,
    branch,
    target,
    base,
    head,
    status,
    ahead: await count(base, head),
    behind: await count(head, base),
  };
}
