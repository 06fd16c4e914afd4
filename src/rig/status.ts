import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import { settingsOf } from '../town/layers.ts';
import { readWanted, setRigsClosed } from '../town/wanted.ts';
import type { RigClosed, Wanted } from '../town/wanted.ts';
import { PROPERTY_TABLE } from './property-keys.ts';
import { readOtherLayers } from './properties.ts';
import type { Rig } from './registry.ts';

export interface FollowedStatus {
  readonly wanted: Wanted;
  /** Rigs that could not be asked, one line each; they stay as they were. */
  readonly troubles: readonly string[];
}

/**
 * Takes into the wanted state what is said of rigs elsewhere: by the labels of their beads, which other machines
 * write, by the town's settings, by another program. Whoever starts or stops something reads only the wanted state:
 * a ledger that does not answer must not look like a rig that is open, nor like one that is closed.
 */
export async function followRigStatus(ctx: TownContext, rigs: readonly Rig[]): Promise<FollowedStatus> {
  const wanted = await readWanted(ctx);
  const changed = new Map<string, RigClosed | undefined>();
  const troubles: string[] = [];
  const follow = async (rig: Rig): Promise<void> => {
    try {
      const said = closedBy(settingsOf(PROPERTY_TABLE, await readOtherLayers(ctx, rig)).get('status'));
      if (said !== wanted.closed[rig.name]) changed.set(rig.name, said);
    } catch (error) {
      troubles.push(`rig ${rig.name}: ${messageOf(error)}`);
    }
  };
  await Promise.all(rigs.map(follow));
  return { wanted: changed.size === 0 ? wanted : await setRigsClosed(ctx, changed), troubles };
}

export function closedBy(status: string | undefined): RigClosed | undefined {
  return status === 'parked' || status === 'docked' ? status : undefined;
}
