import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { known, unknownFact } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import type { WorktreeStatus } from '../ports/git.ts';
import type { PaneObservation } from '../ports/panes.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

/** A workspace as people see it. */
export interface CrewView {
  readonly place: CrewPlace;
  readonly seen: PaneObservation;
  readonly git: Fact<WorktreeStatus>;
}

export async function viewCrew(ctx: TownContext, place: CrewPlace): Promise<CrewView> {
  const [seen, git] = await Promise.all([ctx.ports.panes.observe(place.session), statusOf(ctx, place)]);
  return { place, seen, git };
}

/** A clone that git cannot read is shown as such, never as clean. */
async function statusOf(ctx: TownContext, { path }: CrewPlace): Promise<Fact<WorktreeStatus>> {
  try {
    return known(await ctx.ports.git.worktrees.status(path));
  } catch (error) {
    if (error instanceof GtError) return unknownFact(messageOf(error));
    throw error;
  }
}
