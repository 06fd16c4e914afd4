import type { TownContext } from '../../beads/context.ts';
import { ANNOUNCED_KEY, dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, sameAddress } from '../../core/address.ts';
import { BugError, GtError, UnavailableError, messageOf } from '../../core/errors.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import { addAttempt } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { giveUpBead } from '../give-up.ts';
import { agentOf } from '../release/facts.ts';
import { carryOut } from './carry-out.ts';
import type { StandingDispatch } from './dispatch.ts';
import { lockHook } from './lock-hook.ts';

export interface StandingReport {
  /** Beads whose agents know of them now. */
  readonly told: readonly string[];
  readonly failed: readonly { readonly bead: string; readonly why: string }[];
}

/**
 * F4-F7 for beads on the hook of a dog, crew or mayor whose sling was killed before it told them, or could not: told
 * when they are up, else started. A failure counts as an attempt; after the last one the bead is blocked.
 */
export async function carryOnStanding(ctx: TownContext): Promise<StandingReport> {
  const told: string[] = [];
  const failed: { bead: string; why: string }[] = [];
  for (const bead of await findHooked(ctx)) {
    let found: StandingDispatch | undefined;
    try {
      found = await untold(ctx, bead);
      if (found !== undefined && (await carryOne(ctx, found))) told.push(bead.id);
    } catch (error) {
      if (!(error instanceof GtError) || error instanceof BugError) throw error;
      failed.push({ bead: bead.id, why: messageOf(error) });
      // Of an agent whose rig is gone or cannot be read nothing was tried.
      if (found !== undefined) await countFailure(ctx, found, messageOf(error));
    }
  }
  return { told, failed };
}

/** False = its sling is still at it, it has moved on, or its agent cannot be told now. */
async function carryOne(ctx: TownContext, found: StandingDispatch): Promise<boolean> {
  const { bead, address } = found;
  await using lock = await tryLock(ctx, found);
  if (lock === undefined) return false;
  const now = await (await ctx.ledgers.of(bead.id)).get(bead.id);
  const dispatch = now === undefined ? undefined : await untold(ctx, now);
  if (dispatch?.token !== found.token || !sameAddress(dispatch.address, address)) return false;
  const { told } = await carryOut(ctx, dispatch, { progress: {} });
  return told?.how !== 'later';
}

async function tryLock(
  ctx: TownContext,
  { bead, address }: StandingDispatch,
): Promise<AsyncDisposable | undefined> {
  try {
    return await lockHook(ctx, address, { purpose: `carry on ${bead.id}`, waitMs: 0 });
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'lock.held') return undefined;
    throw error;
  }
}

async function findHooked(ctx: TownContext): Promise<readonly Bead[]> {
  const ledgers = await ctx.ledgers.all();
  return (await Promise.all(ledgers.map((ledger) => ledger.list({ status: ['hooked'] })))).flat();
}

/** undefined: it is a polecat's, or its agent knows. NotFoundError and UnreadableError of its rig. */
async function untold(ctx: TownContext, bead: Bead): Promise<StandingDispatch | undefined> {
  const token = dispatchOf(bead);
  if (bead.status !== 'hooked' || token === undefined || bead.metadata[ANNOUNCED_KEY] === token)
    return undefined;
  const address = agentOf(bead.assignee);
  if (address === undefined || address.role === 'polecat') return undefined;
  const place = await agentPlace(ctx, address);
  return { kind: 'standing', bead, address, token, terms: slingTermsOf(bead), place };
}

async function countFailure(
  ctx: TownContext,
  { bead, address }: StandingDispatch,
  why: string,
): Promise<void> {
  const attempts = await addAttempt(ctx, bead.id);
  const limit = (await readTownSettings(ctx)).get('operational.witness.max_bead_respawns');
  if (attempts < limit) return;
  const cause = `Given up after ${attempts} tries to start ${formatAddress(address)}: ${why}`;
  await giveUpBead(ctx, { bead, agent: address, cause });
}
