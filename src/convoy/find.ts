import type { TownContext } from '../beads/context.ts';
import { NotFoundError } from '../core/errors.ts';
import { readConvoys, type Convoy } from './members.ts';

export interface ConvoyQuery {
  readonly status: 'open' | 'closed' | 'all';
}

/** Convoys with their members, open ones first, then by age. */
export async function listConvoys(ctx: TownContext, { status }: ConvoyQuery): Promise<readonly Convoy[]> {
  const hq = await ctx.ledgers.hq();
  const beads = await hq.list({
    type: ['convoy'],
    order: 'created',
    ...(status === 'all' ? {} : status === 'closed' ? { status: ['closed'] } : { notStatus: ['closed'] }),
  });
  const isClosed = (convoy: Convoy): number => Number(convoy.bead.status === 'closed');
  return [...(await readConvoys(ctx, beads))].sort((left, right) => isClosed(left) - isClosed(right));
}

/** NotFoundError `convoy.not-found`. */
export async function convoyNamed(ctx: TownContext, text: string): Promise<Convoy> {
  const bead = await (await ctx.ledgers.hq()).get(text);
  const [convoy] = bead?.type === 'convoy' ? await readConvoys(ctx, [bead]) : [];
  if (convoy !== undefined) return convoy;
  throw new NotFoundError({
    code: 'convoy.not-found',
    message: `no convoy '${text.slice(0, 60)}'`,
    hint: 'Run: gt convoy list --all',
  });
}
