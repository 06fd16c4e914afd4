import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import { DISPATCH_KEY } from '../../beads/forms/sling-terms.ts';
import type { TownContext } from '../../beads/context.ts';
import type { LedgerTx } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { provedReachable } from '../../hooks/reachable.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { keep, rescueWorktree } from '../../hooks/rescue.ts';
import type { Rescue } from '../../hooks/rescue.ts';
import { isReadableWorktree, setAside } from '../../hooks/worktree-files.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { polecatPaths } from '../../town/layout.ts';
import type { PolecatView } from '../list.ts';
import { stopWorker } from '../release/run.ts';
import { readNukeFacts } from './facts.ts';
import { planNuke } from './plan.ts';
import type { NukeStep } from './plan.ts';

export interface NukeRequest {
  readonly rig: Rig;
  readonly view: PolecatView;
  readonly force: boolean;
  readonly dryRun?: boolean;
}

export interface NukeReport {
  readonly name: string;
  readonly steps: readonly NukeStep[];
  /** Beads it held that are open again. */
  readonly released: readonly string[];
  /** Refs that hold what was in the worktree or only on its branches. */
  readonly rescued: readonly string[];
  /** The commands that read it back. */
  readonly readBack: readonly string[];
  /** Where a folder went that git could not read. */
  readonly setAside: string | undefined;
}

const AGENT_FILE = '.gt-agent';

interface Run {
  readonly rig: Rig;
  readonly view: PolecatView;
  readonly rescued: string[];
  released: readonly string[];
  proof?: Rescue;
  setAside?: string;
}

/** Removes a worker: session, row, worktree, local branches, name. Nothing that was only there is lost (P2). */
export async function nukePolecat(ctx: TownContext, request: NukeRequest): Promise<NukeReport> {
  const { rig, view } = request;
  await using _lock = await lockWorktree(ctx, rig, {
    worker: view.name,
    purpose: `nuke ${rig.name}/${view.name}`,
  });
  const plan = planNuke(await readNukeFacts(ctx, rig, view), { force: request.force });
  if (!plan.ok) throw plan.error;
  const run: Run = { rig, view, rescued: [], released: [] };
  if (request.dryRun !== true && plan.steps.length > 0) {
    for (const step of plan.steps) await runStep(ctx, run, step);
    const payload = { rig: rig.name, target: view.name, polecat: view.name, reason: 'nuked' };
    await emitEvent(ctx, { type: 'kill', payload });
  }
  return {
    name: view.name,
    steps: plan.steps,
    released: run.released,
    rescued: run.rescued,
    readBack: run.rescued.map(readBackCommand),
    setAside: run.setAside,
  };
}

async function runStep(ctx: TownContext, run: Run, step: NukeStep): Promise<void> {
  const { rig, view } = run;
  const { home, worktree } = polecatPaths(ctx.root, rig.name, view.name);
  switch (step.do) {
    case 'stop-session':
      return stopWorker(ctx, rig, { role: 'polecat', rig: rig.name, name: view.name });
    case 'rescue':
      return rescue(ctx, run, worktree);
    case 'release': {
      const ledger = await ctx.ledgers.open(rig.database);
      const give = (tx: LedgerTx): Promise<readonly string[]> => release(tx, run, step.beads);
      run.released = await ledger.transaction(formatAddress(ctx.actor), give);
      return;
    }
    case 'remove-worktree':
      if (run.proof !== undefined) await ctx.ports.git.worktrees.remove(rig.paths.bare, worktree, run.proof);
      return;
    case 'remove-branches':
      for (const branch of step.branches) await removeBranch(ctx, run, branch);
      return;
    case 'remove-folder':
      return removeHome(ctx, run, home);
  }
}

/** A folder that git cannot read is moved out of the way instead: what is in it cannot be proved safe. */
async function rescue(ctx: TownContext, run: Run, worktree: string): Promise<void> {
  const { rig, view } = run;
  if (!(await isReadableWorktree(ctx, worktree))) {
    run.setAside = await setAside(ctx, rig, { worker: view.name, path: worktree });
  }
  run.proof = await rescueWorktree(ctx, rig, { path: worktree, label: view.name });
  run.rescued.push(...run.proof.refs);
}

/** Only what gt put there goes; anything else (a worktree of an old layout, say) is moved out of the way. */
async function removeHome(ctx: TownContext, run: Run, home: string): Promise<void> {
  const entries = (await ctx.ports.files.list(home)) ?? [];
  if (entries.every((entry) => entry.name === AGENT_FILE)) return ctx.ports.files.remove(home);
  run.setAside = await setAside(ctx, run.rig, { worker: run.view.name, path: home });
}

/** Returns the beads that are open again. */
async function release(
  tx: LedgerTx,
  { rig, view }: Run,
  beads: readonly string[],
): Promise<readonly string[]> {
  const address = { role: 'polecat', rig: rig.name, name: view.name } as const;
  const released: string[] = [];
  for (const id of beads) {
    const bead = await tx.get(id);
    if (bead === undefined || bead.assignee !== formatAddress(address)) continue;
    await tx.update(id, { status: 'open', assignee: '', metadata: { [DISPATCH_KEY]: null } });
    await tx.comment(id, `Taken off ${formatAddress(address)}: the polecat was nuked`);
    released.push(id);
  }
  await writeAgentRow(tx, address, rig.prefix, { agentState: 'nuked', hookBead: null, branch: null });
  return released;
}

/** Only a branch of gt's own making, only its local name, only when its tip is elsewhere: else a rescue ref first. */
async function removeBranch(ctx: TownContext, run: Run, branch: string): Promise<void> {
  const { objects } = ctx.ports.git;
  const { rig, view } = run;
  const ref = `refs/heads/${branch}`;
  const tip = await objects.resolve(rig.paths.bare, ref);
  if (tip === undefined) return;
  if (!(await provedReachable(ctx, rig, tip))) {
    run.rescued.push(await keep(ctx, rig, { label: view.name, sha: tip, about: { branch } }));
  }
  await objects.updateRef(rig.paths.bare, ref, { to: undefined, from: tip });
}
