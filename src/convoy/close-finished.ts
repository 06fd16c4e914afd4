import { CONVOY_DONE } from '../beads/forms/convoy-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { emitEvent } from '../town/events.ts';
import { readConvoys, type Convoy } from './members.ts';
import { convoyVerdict, type ConvoyVerdict } from './progress.ts';

export interface ConvoyReport {
  readonly closed: readonly string[];
  readonly reopened: readonly string[];
}

/** Convoys that closed longer ago than this are not looked at again. */
const LOOK_BACK_MS = 14 * 24 * 3_600_000;

/** H8 and the daemon's pass: closes convoys whose members have all landed, opens those that got work again. */
export async function closeFinishedConvoys(ctx: TownContext): Promise<ConvoyReport> {
  const hq = await ctx.ledgers.hq();
  const since = new Date(ctx.ports.clock.now() - LOOK_BACK_MS).toISOString();
  const [open, closed] = await Promise.all([
    hq.list({ type: ['convoy'], status: ['open'] }),
    hq.list({ type: ['convoy'], status: ['closed'], closedAfter: since }),
  ]);
  const convoys = await readConvoys(ctx, [...open, ...closed.filter(closedByUs)]);
  const judged = convoys.map((convoy) => ({
    convoy,
    verdict: convoyVerdict(convoy, closedByUs(convoy.bead)),
  }));
  const changed: { readonly id: string; readonly verdict: ConvoyVerdict }[] = [];
  for (const { convoy, verdict } of judged) {
    if (verdict !== 'leave' && (await apply(ctx, convoy, verdict)))
      changed.push({ id: convoy.bead.id, verdict });
  }
  const ids = (wanted: ConvoyVerdict): readonly string[] =>
    changed.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
  return { closed: ids('close'), reopened: ids('reopen') };
}

function closedByUs(convoy: Bead): boolean {
  return convoy.closeReason === CONVOY_DONE;
}

/** The row decides who tells: of two that close at once only one finds it open, so there is one notice. */
async function apply(ctx: TownContext, { bead }: Convoy, verdict: 'close' | 'reopen'): Promise<boolean> {
  const hq = await ctx.ledgers.hq();
  const changed = await hq.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await tx.get(bead.id);
    if (now === undefined || now.status !== bead.status) return false;
    if (verdict === 'close') await tx.close(bead.id, { reason: CONVOY_DONE, force: true });
    else await tx.reopen(bead.id, 'a tracked bead is open again');
    return true;
  });
  if (!changed) return false;
  const type = verdict === 'close' ? 'convoy_landed' : 'convoy_reopened';
  await emitEvent(ctx, { type, payload: { convoy: bead.id, title: bead.title }, visibility: 'both' });
  return true;
}
