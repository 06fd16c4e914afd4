import { writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { unreachable } from '../core/errors.ts';
import { readBackCommand } from '../hooks/rescue-ref.ts';
import { rescueWorktree } from '../hooks/rescue.ts';
import type { Rescue } from '../hooks/rescue.ts';
import { setAside } from '../hooks/worktree-files.ts';
import { takeOffHook } from '../polecat/release/take-off.ts';
import { emitEvent } from '../town/events.ts';
import { lockCrew } from '../rig/crew-place.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { purgeTraces } from './purge.ts';
import { readRemoveFacts } from './remove-facts.ts';
import { planRemove } from './remove-plan.ts';
import type { RemoveStep, RemoveWishes } from './remove-plan.ts';
import { stopCrew } from './start.ts';

export interface RemoveReport {
  readonly place: CrewPlace;
  readonly steps: readonly RemoveStep[];
  /** Rescue refs of the rig's repository, newest work first. */
  readonly rescued: readonly string[];
  /** The commands that read them back. */
  readonly readBack: readonly string[];
  /** Where a folder went that git could not read. */
  readonly setAside: string | undefined;
  readonly released: readonly string[];
}

interface Run {
  readonly place: CrewPlace;
  proof?: Rescue;
  setAside?: string;
  released: readonly string[];
}

/** Removes a workspace; what only it holds is kept first, forced or not (P2). Throws what `planRemove` refuses with. */
export async function removeCrew(
  ctx: TownContext,
  place: CrewPlace,
  wishes: RemoveWishes & { readonly dryRun: boolean },
): Promise<RemoveReport> {
  await using _lock = await lockCrew(ctx, place, 'crew remove');
  const plan = planRemove(await readRemoveFacts(ctx, place), wishes);
  if (!plan.ok) throw plan.error;
  const run: Run = { place, released: [] };
  if (!wishes.dryRun) {
    for (const step of plan.steps) await runStep(ctx, run, step);
    await emitEvent(ctx, {
      type: 'crew_removed',
      payload: { rig: place.rig.name, crew: place.name },
      visibility: 'both',
    });
  }
  const rescued = run.proof?.refs ?? [];
  return {
    place,
    steps: plan.steps,
    rescued,
    readBack: rescued.map((ref) => readBackCommand(ref)),
    setAside: run.setAside,
    released: run.released,
  };
}

async function runStep(ctx: TownContext, run: Run, step: RemoveStep): Promise<void> {
  const { rig, name, path } = run.place;
  switch (step.do) {
    case 'stop-session':
      await stopCrew(ctx, run.place, { force: false });
      return;
    case 'rescue':
      run.proof = await rescueWorktree(ctx, rig, { path, label: name });
      return;
    case 'set-aside':
      run.setAside = await setAside(ctx, rig, { worker: name, path });
      return;
    case 'remove-folder':
      if (run.proof !== undefined) await ctx.ports.git.worktrees.remove(rig.paths.bare, path, run.proof);
      return;
    case 'release':
      run.released = await release(ctx, run.place, step.beads);
      return;
    case 'purge':
      return purgeTraces(ctx, run.place);
    default:
      return unreachable(step, 'crew removal');
  }
}

/** Returns the beads that are open again. */
async function release(
  ctx: TownContext,
  { rig, address }: CrewPlace,
  beads: readonly Bead[],
): Promise<readonly string[]> {
  for (const bead of beads)
    await takeOffHook(ctx, { bead, force: true, why: 'the crew workspace was removed' });
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    writeAgentRow(tx, address, rig.prefix, { agentState: 'nuked', hookBead: null }),
  );
  return beads.map(({ id }) => id);
}
