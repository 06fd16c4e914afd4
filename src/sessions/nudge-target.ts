import type { TownContext } from '../beads/context.ts';
import { sameAddress } from '../core/address.ts';
import { GtError, NotFoundError, messageOf } from '../core/errors.ts';
import { readLevels } from './notification-level.ts';
import { nudge } from './nudge.ts';
import type { NudgeOutcome, NudgeRequest } from './nudge.ts';
import type { Target } from './target.ts';

/** A nudge to somebody who may not want it. */
export interface SentNudge extends NudgeRequest {
  /** Also to agents that have muted nudges. */
  readonly force: boolean;
}

export interface NudgeReport {
  readonly target: Target;
  readonly outcome: NudgeOutcome | { readonly kind: 'failed'; readonly why: string };
}

const MUTED: NudgeOutcome = { kind: 'skipped', why: 'it has muted nudges (--force sends it anyway)' };

/** `nudge`, unless the agent has muted it. What it throws is `nudge`'s. */
export async function nudgeTarget(
  ctx: TownContext,
  target: Target,
  request: SentNudge,
): Promise<NudgeOutcome> {
  const muted = request.force ? new Map() : await readLevels(ctx, [target]);
  return muted.get(target.bead) === 'muted' ? MUTED : send(ctx, target, request);
}

/** To several agents side by side, without the sender: one that cannot be reached keeps nobody else waiting. */
export async function nudgeEach(
  ctx: TownContext,
  targets: readonly Target[],
  request: SentNudge,
): Promise<readonly NudgeReport[]> {
  const others = targets.filter(({ address }) => !sameAddress(address, request.sender));
  const levels = request.force ? new Map() : await readLevels(ctx, others);
  return Promise.all(
    others.map(async (target): Promise<NudgeReport> => {
      if (levels.get(target.bead) === 'muted') return { target, outcome: MUTED };
      try {
        return { target, outcome: await send(ctx, target, request) };
      } catch (error) {
        if (!(error instanceof GtError)) throw error;
        return { target, outcome: { kind: 'failed', why: messageOf(error) } };
      }
    }),
  );
}

/** The deacon is code of the daemon in most towns; prompts that still speak to it must not fail. */
async function send(ctx: TownContext, target: Target, request: SentNudge): Promise<NudgeOutcome> {
  try {
    return await nudge(ctx, target, request);
  } catch (error) {
    const isCode = target.address.role === 'deacon' && error instanceof NotFoundError;
    if (isCode) return { kind: 'skipped', why: 'the daemon does its work; no agent runs' };
    throw error;
  }
}
