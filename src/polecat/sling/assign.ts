import type { TownContext } from '../../beads/context.ts';
import type { NewBead } from '../../beads/types.ts';
import { sessionOf } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import { shortHash } from '../../core/short-hash.ts';
import { nudge } from '../../sessions/nudge.ts';
import { slungMessage } from '../dispatch/first-prompt.ts';
import { attachWork } from './attach.ts';
import type { Attached } from './attach.ts';
import type { CrewPlace } from '../../rig/crew-place.ts';

export interface Assignment {
  readonly to: Pick<CrewPlace, 'rig' | 'address'>;
  readonly bead: Pick<NewBead, 'title' | 'description' | 'type' | 'priority' | 'labels'>;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** Tell its session, when that is up. */
  readonly nudge: boolean;
}

/** `gt assign`: one transaction makes the bead in the rig's ledger and puts it on the hook. What `attachWork` throws. */
export async function assignWork(
  ctx: TownContext,
  assignment: Assignment,
): Promise<Attached & { readonly told: 'nudged' | 'not-up' | 'not-asked' }> {
  const { to, bead, dryRun, force } = assignment;
  const id = `${to.rig.prefix}-${shortHash(ctx.ports.random.bytes(5))}`;
  const attached = await attachWork(ctx, { bead: { ...bead, id }, agent: to.address, dryRun, force });
  const told = assignment.nudge && !dryRun ? await tell(ctx, to, attached) : 'not-asked';
  return { ...attached, told };
}

async function tell(
  ctx: TownContext,
  { rig, address }: Pick<CrewPlace, 'rig' | 'address'>,
  { bead }: Attached,
): Promise<'nudged' | 'not-up'> {
  const session = sessionOf(address, rig.prefix);
  if ((await ctx.ports.panes.observe(session)).kind !== 'live') return 'not-up';
  const message = slungMessage({ bead, note: undefined });
  try {
    await nudge(ctx, { address, session }, { message, mode: 'queue', priority: 'normal', sender: ctx.actor });
    return 'nudged';
  } catch (error) {
    if (error instanceof RefusedError) return 'not-up';
    throw error;
  }
}
