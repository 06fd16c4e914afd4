import type { TownContext } from '../../beads/context.ts';
import { ANNOUNCED_KEY, DISPATCH_KEY } from '../../beads/forms/sling-terms.ts';
import { formatAddress, sameAddress, sessionOf } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import { nudge } from '../../sessions/nudge.ts';
import { startAgent } from '../../sessions/start-agent.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import { orderedWrapper } from '../script/rights.ts';
import type { Progress } from './carry-out.ts';
import type { StandingDispatch } from './dispatch.ts';
import { firstPrompt, slungMessage } from './first-prompt.ts';

/** How a standing agent learns of its new work. */
export type Told =
  /** It is up: a message waits for its next idle moment. */
  | { readonly how: 'nudged' }
  | { readonly how: 'started'; readonly runtime: string }
  /** Nobody needs to be told: a person, the caller, or it was asked so. */
  | { readonly how: 'not-needed' }
  /** Its hook is set; it is told when that is possible. */
  | { readonly how: 'later'; readonly why: string };

/** F6 of a standing agent: told when it is up, started when it is not. What cannot be done now the daemon does later. */
export async function tellHolder(
  ctx: TownContext,
  dispatch: StandingDispatch,
  progress: Progress,
): Promise<Told> {
  const told = await tell(ctx, dispatch, progress);
  if (told.how !== 'later') await markAnnounced(ctx, dispatch);
  return told;
}

async function tell(ctx: TownContext, dispatch: StandingDispatch, progress: Progress): Promise<Told> {
  const { address, bead, place } = dispatch;
  if (needsNoWord(ctx, dispatch)) return { how: 'not-needed' };
  const session = sessionOf(address, place.prefix);
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'unreadable') return { how: 'later', why: `cannot look at its session: ${seen.why}` };
  if (seen.kind === 'live') return leaveWord(ctx, dispatch, session);
  if (agentWanted(await readWanted(ctx), address) === 'down')
    return { how: 'later', why: 'the town or its rig is down' };
  progress.starting = true;
  const { agent, account } = dispatch.terms;
  const { runtime } = await startAgent(ctx, {
    address,
    agent,
    account,
    bead: bead.id,
    prompt: firstPrompt({ dispatch, sender: ctx.actor, now: ctx.ports.clock.now(), topic: 'assigned' }),
    execWrapper: orderedWrapper(bead),
  });
  return { how: 'started', runtime };
}

function needsNoWord(ctx: TownContext, { address, bead, token }: StandingDispatch): boolean {
  const isAnnounced = bead.metadata[ANNOUNCED_KEY] === token;
  return isAnnounced || address.role === 'overseer' || sameAddress(address, ctx.actor);
}

/** Never typed into a busy agent: sling does not wait, and a queued message survives whatever happens next. */
async function leaveWord(
  ctx: TownContext,
  dispatch: StandingDispatch,
  session: ReturnType<typeof sessionOf>,
): Promise<Told> {
  try {
    const message = slungMessage({ bead: dispatch.bead, note: dispatch.terms.args });
    await nudge(
      ctx,
      { address: dispatch.address, session },
      { message, mode: 'queue', priority: 'normal', sender: ctx.actor },
    );
    return { how: 'nudged' };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { how: 'later', why: error.message };
  }
}

async function markAnnounced(ctx: TownContext, { bead, token }: StandingDispatch): Promise<void> {
  if (bead.metadata[ANNOUNCED_KEY] === token) return;
  const ledger = await ctx.ledgers.of(bead.id);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await tx.get(bead.id);
    if (now?.metadata[DISPATCH_KEY] !== token) return;
    await tx.update(bead.id, { metadata: { [ANNOUNCED_KEY]: token } });
  });
}
