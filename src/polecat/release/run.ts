import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { findWorktree } from '../../hooks/worktree-state.ts';
import { cleanWorktree, lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { mustStop } from '../../sessions/stop.ts';
import { emitEvent } from '../../town/events.ts';
import { agentOf, readReleaseFacts } from './facts.ts';
import type { ReleaseFacts } from './facts.ts';
import { planRelease } from './plan.ts';
import type { ReleaseStep } from './plan.ts';
import { giveBack } from './write.ts';

export interface ReleaseRequest {
  readonly rig: Rig;
  readonly bead: Bead;
  /** Interrupt work that is under way; nothing of it is lost. */
  readonly force: boolean;
  readonly dryRun?: boolean;
  /** For the bead's comment. */
  readonly why: string;
}

export interface ReleaseReport {
  readonly bead: Bead;
  readonly steps: readonly ReleaseStep[];
  /** Refs that hold what was in the worktree. */
  readonly rescued: readonly string[];
  /** The commands that read it back. */
  readonly readBack: readonly string[];
}

/** Takes a bead off its holder: open and unassigned again, with everything the worker had made kept. */
export async function releaseBead(ctx: TownContext, request: ReleaseRequest): Promise<ReleaseReport> {
  const { rig } = request;
  await using _lock = await lockHolder(ctx, rig, request.bead);
  const facts = await readReleaseFacts(ctx, rig, request.bead);
  const plan = planRelease(facts, { force: request.force });
  if (!plan.ok) throw plan.error;
  const rescued =
    request.dryRun === true ? [] : await runSteps(ctx, { facts, why: request.why, steps: plan.steps });
  const readBack = rescued.map(readBackCommand);
  const ledger = await ctx.ledgers.open(rig.database);
  return { bead: (await ledger.get(request.bead.id)) ?? request.bead, steps: plan.steps, rescued, readBack };
}

/** While the worktree is locked neither its agent's `gt done` nor a daemon comes in between. */
async function lockHolder(ctx: TownContext, rig: Rig, bead: Bead): Promise<AsyncDisposable | undefined> {
  const agent = agentOf(bead.assignee);
  if (agent?.role !== 'polecat' || agent.rig !== rig.name) return undefined;
  return lockWorktree(ctx, rig, { worker: agent.name, purpose: `unsling ${bead.id}` });
}

interface Run {
  readonly facts: ReleaseFacts;
  readonly why: string;
  readonly steps: readonly ReleaseStep[];
}

async function runSteps(ctx: TownContext, { facts, why, steps }: Run): Promise<readonly string[]> {
  const { rig, bead, holder, worker } = facts;
  const ledger = await ctx.ledgers.open(rig.database);
  const by = formatAddress(ctx.actor);
  let rescued: readonly string[] = [];
  for (const step of steps) {
    if (step.do === 'release') {
      await giveBack(ctx, { bead, holder, why, priorBranch: step.priorBranch });
    } else if (worker !== undefined) {
      if (step.do === 'stop-session')
        await mustStop(ctx, sessionOf({ role: 'polecat', rig: rig.name, name: worker }, rig.prefix));
      else rescued = await cleanWorktree(ctx, rig, { worker, path: await findWorktree(ctx, rig, worker) });
    }
  }
  if (rescued.length > 0) {
    const lines = rescued.map((ref) => `Kept: ${readBackCommand(ref)}`);
    await ledger.transaction(by, (tx) => tx.comment(bead.id, lines.join('\n')));
  }
  const payload = { bead: bead.id, target: bead.assignee, rig: rig.name };
  await emitEvent(ctx, { type: 'unhook', payload });
  return rescued;
}
