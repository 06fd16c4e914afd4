import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentRow } from '../../beads/forms/agent-row.ts';
import { readAttachment } from '../../beads/forms/attachment.ts';
import type { TownContext } from '../../beads/context.ts';
import { parseFields } from '../../beads/forms/fields.ts';
import { isLive, isOfRig, openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import type { WorkerName } from '../../core/names.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';
import type { RigSettings } from '../../rig/settings.ts';
import { issueOfBranch } from '../branch.ts';
import { readConflictTask } from './conflict-task.ts';
import type { ConflictTask } from './conflict-task.ts';
import { DONE_KEY, parseIntent } from './request.ts';
import type { DoneIntent, DoneRequest } from './request.ts';

/** How work lands: through the merge queue, straight onto its target, or not at all. */
export type Strategy = 'mr' | 'direct' | 'local';

/** Who ends which work, before anything is looked at in git. */
export interface DoneSubject {
  readonly rig: Rig;
  readonly settings: RigSettings;
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
  readonly strategy: Strategy;
  /** Assignee id of who slung it. */
  readonly dispatcher: string | undefined;
  /** RFC 3339, when the bead's convoy was made. */
  readonly convoyCreatedAt: string | undefined;
  /** A done of this session for this bead that was broken off. */
  readonly intent: DoneIntent | undefined;
}

export interface DoneWorker {
  readonly rig: Rig;
  readonly worker: WorkerName;
}

/** RefusedError `done.not-polecat`. */
export async function workerOf(ctx: TownContext, agent: AgentAddress): Promise<DoneWorker> {
  if (agent.role === 'polecat') return { rig: await rigNamed(ctx, agent.rig), worker: agent.name };
  throw new RefusedError({
    code: 'done.not-polecat',
    message: `${formatAddress(agent)} is no polecat: only polecats hand in their work with gt done`,
    hint: 'A branch of your own: gt mq submit',
  });
}

/**
 * Finds the bead. RefusedError `done.replaced`, `done.nothing-held`, `done.not-yours`; NotFoundError `done.no-row`.
 * Call only while holding `lockWorktree`.
 */
export async function findDoneSubject(
  ctx: TownContext,
  { rig, worker }: DoneWorker,
  request: DoneRequest,
): Promise<DoneSubject> {
  const ledger = await ctx.ledgers.open(rig.database);
  const row = await readAgentRow(ledger, request.agent, rig.prefix);
  if (row === undefined) {
    throw new NotFoundError({
      code: 'done.no-row',
      message: `the ledger knows no polecat ${worker} in ${rig.name}`,
    });
  }
  checkSpawn(row, request);
  const open = await openMergeRequests(ledger);
  const bead =
    request.issue === undefined ? await findBead(ledger, row, open) : await ledger.find(request.issue);
  const requests = open.filter((mr) => mr.sourceIssue === bead.id && isOfRig(mr, rig.name));
  const mr = requests.find(isLive);
  const terms = slingTermsOf(bead);
  const convoy = terms.convoy === undefined ? undefined : await (await ctx.ledgers.hq()).get(terms.convoy);
  return {
    rig,
    settings: await readRigSettings(ctx, rig),
    worker,
    row,
    bead,
    mr,
    hold: holdOf(bead, mr, row),
    evicted: requests.find((each) => each.phase === 'evicted'),
    conflict: await readConflictTask(ledger, bead),
    terms,
    strategy: terms.merge ?? strategyOf(convoy) ?? 'mr',
    dispatcher: readAttachment(bead)?.dispatchedBy,
    convoyCreatedAt: convoy?.createdAt,
    intent: intentOf(row, bead),
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

/** The bead of the branch, else of the hook. */
async function findBead(ledger: Ledger, row: AgentRow, open: readonly MergeRequest[]): Promise<Bead> {
  const { held } = await readAgentWork(ledger, row.address, open);
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
  const isAtWork = bead.status === 'hooked' || bead.status === 'in_progress';
  if (!isAtWork || bead.assignee !== formatAddress(row.address)) {
    const where = isAtWork && bead.assignee !== '' ? `on ${bead.assignee}` : bead.status;
    throw new RefusedError({
      code: 'done.not-yours',
      message: `${bead.id} is ${where}, not on ${formatAddress(row.address)}`,
      hint: 'Stop here: run gt hook to see what you hold',
    });
  }
  return mr === undefined ? 'held' : 'submitted';
}

function strategyOf(convoy: Bead | undefined): Strategy | undefined {
  const merge = parseFields(convoy?.description ?? '').get('Merge');
  return (['mr', 'direct', 'local'] as const).find((known) => known === merge);
}

/** An intent of an earlier session or another bead says nothing about this one. */
function intentOf(row: AgentRow, bead: Bead): DoneIntent | undefined {
  const intent = parseIntent(row.bead.metadata[DONE_KEY]);
  return intent?.spawn === row.spawn && intent.issue === bead.id ? intent : undefined;
}
