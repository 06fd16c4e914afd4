import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { isLive, openMergeRequests } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import { parseAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, NotFoundError, UsageError, messageOf } from '../../core/errors.ts';
import type { Sha, WorkerName } from '../../core/names.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import type { AgentPlace } from '../../rig/agent-place.ts';
import type { Rig } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';

/** What is at stake when a bead is taken off the one who has it. */
export interface ReleaseFacts {
  readonly rig: Rig;
  readonly bead: Bead;
  readonly holder: PlacedAgent | undefined;
  /** A polecat of this rig: it has its worktree here. */
  readonly worker: WorkerName | undefined;
  readonly mr: MergeRequest | undefined;
  /** A session of that agent is up, or its state cannot be read. */
  readonly sessionUp: boolean;
  /** The worker's branch, when it has commits that its base has not. */
  readonly branch: string | undefined;
  /** What its worktree holds that the base has not, in words; undefined = nothing. */
  readonly unsaved: string | undefined;
}

export async function readReleaseFacts(ctx: TownContext, rig: Rig, bead: Bead): Promise<ReleaseFacts> {
  const ledger = await ctx.ledgers.open(rig.database);
  const holder = await placedAgentOf(ctx, bead.assignee);
  const agent = holder?.agent;
  const requests = await openMergeRequests(ledger, rig.name);
  const polecat = agent?.role === 'polecat' && agent.rig === rig.name ? agent : undefined;
  const seen =
    holder === undefined
      ? undefined
      : await ctx.ports.panes.observe(sessionOf(holder.agent, holder.place.prefix));
  return {
    rig,
    bead,
    holder,
    worker: polecat?.name,
    mr: requests.find((request) => request.sourceIssue === bead.id && isLive(request)),
    sessionUp: seen?.kind === 'live' || seen?.kind === 'unreadable',
    branch: polecat === undefined ? undefined : await branchWithWork(ctx, ledger, { rig, bead, polecat }),
    unsaved:
      polecat !== undefined
        ? await unsavedIn(ctx, {
            rig,
            bead,
            worktree: polecatPaths(ctx.root, rig.name, polecat.name).worktree,
          })
        : undefined,
  };
}

export interface PlacedAgent {
  readonly agent: AgentAddress;
  readonly place: AgentPlace;
}

/** The agent in an assignee and where its row lies; undefined for a person, nobody, and one of a rig that is gone. */
export async function placedAgentOf(ctx: TownContext, assignee: string): Promise<PlacedAgent | undefined> {
  const agent = agentOf(assignee);
  try {
    return agent === undefined ? undefined : { agent, place: await agentPlace(ctx, agent) };
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The agent in an assignee; undefined for a person or nobody. */
export function agentOf(assignee: string): AgentAddress | undefined {
  try {
    return assignee === '' ? undefined : parseAddress(assignee);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

interface BranchFacts {
  readonly rig: Rig;
  readonly bead: Bead;
  readonly polecat: AgentAddress;
}

async function branchWithWork(
  ctx: TownContext,
  reads: LedgerReads,
  { rig, bead, polecat }: BranchFacts,
): Promise<string | undefined> {
  const branch = (await readAgentRow(reads, polecat, rig.prefix))?.branch;
  if (branch === undefined) return undefined;
  const to = await ctx.ports.git.objects.resolve(rig.paths.bare, `refs/heads/${branch}`);
  return to !== undefined && (await isAhead(ctx, { rig, bead, to })) ? branch : undefined;
}

/** True when `to` has a commit that the bead's base, as fetched last, has not. */
async function isAhead(
  ctx: TownContext,
  { rig, bead, to }: { readonly rig: Rig; readonly bead: Bead; readonly to: Sha },
): Promise<boolean> {
  const { objects } = ctx.ports.git;
  const base = slingTermsOf(bead).baseBranch ?? rig.defaultBranch;
  const from = await objects.resolve(rig.paths.bare, `refs/remotes/origin/${base}`);
  const ahead = await objects.log(rig.paths.bare, { ...(from === undefined ? {} : { from }), to, limit: 1 });
  return ahead.length > 0;
}

async function unsavedIn(
  ctx: TownContext,
  place: { readonly rig: Rig; readonly bead: Bead; readonly worktree: string },
): Promise<string | undefined> {
  const { rig, bead, worktree } = place;
  if ((await ctx.ports.files.stat(worktree)) === undefined) return undefined;
  try {
    const { changed, untracked, operation, stashes, head } = await ctx.ports.git.worktrees.status(worktree);
    if (operation !== undefined) return `a ${operation} is under way`;
    if (changed.length + untracked.length > 0) return 'its worktree has changes in no commit';
    if (stashes > 0) return 'its worktree has a stash';
    return head !== undefined && (await isAhead(ctx, { rig, bead, to: head })) ? 'it has commits' : undefined;
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('worktree not readable, taken for changed', { worktree, why: messageOf(error) });
    return 'git cannot read its worktree';
  }
}
