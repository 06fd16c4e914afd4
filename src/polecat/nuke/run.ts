import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { proveOrKeep, removeLocalBranch } from '../../hooks/branch-proof.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { rescueWorktree } from '../../hooks/rescue.ts';
import type { Rescue } from '../../hooks/rescue.ts';
import { isReadableWorktree, setAside } from '../../hooks/worktree-files.ts';
import { findWorktree } from '../../hooks/worktree-state.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import { mustStop } from '../../sessions/stop.ts';
import { emitEvent } from '../../town/events.ts';
import { polecatPaths } from '../../town/layout.ts';
import { polecatNamed } from '../list.ts';
import type { PolecatView } from '../list.ts';
import { writeRelease } from '../release/write.ts';
import { readNukeFacts } from './facts.ts';
import { planNuke } from './plan.ts';
import type { NukeStep, NukeWish } from './plan.ts';

export interface NukeRequest extends NukeWish {
  readonly rig: Rig;
  readonly worker: WorkerName;
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
  readonly what: NukeWish['what'];
  readonly rescued: string[];
  released: readonly string[];
  proof?: Rescue;
  setAside?: string;
}

/** Removes a worker: session, row, worktree, local branches, name. Nothing that was only there is lost (P2). */
export async function nukePolecat(ctx: TownContext, request: NukeRequest): Promise<NukeReport> {
  const { rig, worker, what } = request;
  await using _lock = await lockWorktree(ctx, rig, { worker, purpose: `${what} ${rig.name}/${worker}` });
  // Only now: while we waited it may have got work, or handed some in.
  const view = await polecatNamed(ctx, rig, worker);
  const plan = planNuke(await readNukeFacts(ctx, rig, view), request);
  if (!plan.ok) throw plan.error;
  const run: Run = { rig, view, what, rescued: [], released: [] };
  if (request.dryRun !== true && plan.steps.length > 0) {
    for (const step of plan.steps) await runStep(ctx, run, step);
    await tellBeads(ctx, run);
    const payload = { rig: rig.name, target: worker, polecat: worker, reason: PAST[what] };
    await emitEvent(ctx, { type: 'kill', payload });
  }
  return {
    name: worker,
    steps: plan.steps,
    released: run.released,
    rescued: run.rescued,
    readBack: run.rescued.map(readBackCommand),
    setAside: run.setAside,
  };
}

const PAST = { nuke: 'nuked', remove: 'removed' } as const;

async function runStep(ctx: TownContext, run: Run, step: NukeStep): Promise<void> {
  const { rig, view } = run;
  switch (step.do) {
    case 'stop-session':
      return mustStop(ctx, view.session);
    case 'rescue':
      return rescue(ctx, run);
    case 'release': {
      const ledger = await ctx.ledgers.open(rig.database);
      const give = (tx: LedgerTx): Promise<readonly string[]> => release(tx, run, step.beads);
      run.released = await ledger.transaction(formatAddress(ctx.actor), give);
      return;
    }
    case 'remove-worktree':
      if (run.proof !== undefined)
        await ctx.ports.git.worktrees.remove(rig.paths.bare, run.proof.path, run.proof);
      return;
    case 'remove-branches':
      for (const branch of step.branches) await removeBranch(ctx, run, branch);
      return;
    case 'remove-folder':
      return removeHome(ctx, run);
  }
}

/** A folder that git cannot read is moved out of the way instead: what is in it cannot be proved safe. */
async function rescue(ctx: TownContext, run: Run): Promise<void> {
  const { rig, view } = run;
  const path = await findWorktree(ctx, rig, view.name);
  if (!(await isReadableWorktree(ctx, path))) {
    run.setAside = await setAside(ctx, rig, { worker: view.name, path });
  }
  run.proof = await rescueWorktree(ctx, rig, { path, label: view.name });
  run.rescued.push(...run.proof.refs);
}

/** Only what gt put there goes; anything else is moved out of the way. */
async function removeHome(ctx: TownContext, run: Run): Promise<void> {
  const { home } = polecatPaths(ctx.root, run.rig.name, run.view.name);
  const entries = (await ctx.ports.files.list(home)) ?? [];
  if (entries.every((entry) => entry.name === AGENT_FILE)) return ctx.ports.files.remove(home);
  run.setAside = await setAside(ctx, run.rig, { worker: run.view.name, path: home });
}

/** Returns the beads that are open again. */
async function release(tx: LedgerTx, run: Run, beads: readonly Bead[]): Promise<readonly string[]> {
  const { rig, view, what } = run;
  const address = { role: 'polecat', rig: rig.name, name: view.name } as const;
  const released: string[] = [];
  for (const { id, assignee } of beads) {
    const bead = await tx.get(id);
    if (bead === undefined || bead.assignee !== assignee) continue;
    const priorBranch = what === 'remove' ? view.row?.branch : undefined;
    await writeRelease(tx, { bead, why: `the polecat was ${PAST[what]}`, priorBranch });
    released.push(id);
  }
  await writeAgentRow(tx, address, rig.prefix, { agentState: 'nuked', hookBead: null, branch: null });
  return released;
}

/** Only a branch of gt's own making, only its local name, only when its tip is elsewhere: else a rescue ref first. */
async function removeBranch(ctx: TownContext, run: Run, branch: string): Promise<void> {
  const { rig, view } = run;
  const tip = await ctx.ports.git.objects.resolve(rig.paths.bare, `refs/heads/${branch}`);
  if (tip === undefined) return;
  const proof = await proveOrKeep(ctx, rig, { branch, tip, label: view.name });
  if (proof.ref !== undefined) run.rescued.push(proof.ref);
  await removeLocalBranch(ctx, rig, proof);
}

/** Whoever takes a bead up next finds what was kept. */
async function tellBeads(ctx: TownContext, run: Run): Promise<void> {
  if (run.rescued.length === 0 || run.released.length === 0) return;
  const text = run.rescued.map((ref) => `Kept: ${readBackCommand(ref)}`).join('\n');
  const ledger = await ctx.ledgers.open(run.rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    for (const bead of run.released) await tx.comment(bead, text);
  });
}
