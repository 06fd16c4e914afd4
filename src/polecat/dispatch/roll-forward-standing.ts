import type { TownContext } from '../../beads/context.ts';
import { ANNOUNCED_KEY, dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { BugError, GtError, messageOf } from '../../core/errors.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import { addAttempt } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { giveUpBead } from '../give-up.ts';
import { agentOf } from '../release/facts.ts';
import { carryOut } from './carry-out.ts';
import type { StandingDispatch } from './dispatch.ts';

export interface StandingReport {
  /** Beads whose agents know of them now. */
  readonly told: readonly string[];
  readonly failed: readonly { readonly bead: string; readonly why: string }[];
}

/** A sling that lives has told its agent long before. */
const GRACE_MS = 60_000;

/**
 * F4-F7 for beads on the hook of a dog, crew or mayor whose sling was killed before it told them, or could not: told
 * when they are up, else started. A failure counts as an attempt; after the last one the bead is blocked.
 */
export async function carryOnStanding(ctx: TownContext): Promise<StandingReport> {
  const told: string[] = [];
  const failed: { bead: string; why: string }[] = [];
  for (const dispatch of await findUntold(ctx)) {
    const { id } = dispatch.bead;
    try {
      const { told: how } = await carryOut(ctx, dispatch, { progress: {} });
      if (how?.how !== 'later') told.push(id);
    } catch (error) {
      if (!(error instanceof GtError) || error instanceof BugError) throw error;
      failed.push({ bead: id, why: messageOf(error) });
      await countFailure(ctx, dispatch, messageOf(error));
    }
  }
  return { told, failed };
}

async function findUntold(ctx: TownContext): Promise<readonly StandingDispatch[]> {
  const ledgers = await ctx.ledgers.all();
  const hooked = (await Promise.all(ledgers.map((ledger) => ledger.list({ status: ['hooked'] })))).flat();
  const found = await Promise.all(hooked.map((bead) => untold(ctx, bead)));
  return found.filter((dispatch) => dispatch !== undefined);
}

async function untold(ctx: TownContext, bead: Bead): Promise<StandingDispatch | undefined> {
  const token = dispatchOf(bead);
  if (token === undefined || bead.metadata[ANNOUNCED_KEY] === token) return undefined;
  const address = agentOf(bead.assignee);
  if (address === undefined || address.role === 'polecat') return undefined;
  if (ctx.ports.clock.now() - Date.parse(bead.updatedAt) < GRACE_MS) return undefined;
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
