import type { TownContext } from '../beads/context.ts';
import { isLive, openMergeRequests } from '../beads/forms/merge-request.ts';
import type { Bead, Edge, Ledger } from '../beads/types.ts';
import { known, unknownFact, type Fact } from '../core/fact.ts';
import { GtError, NotFoundError, messageOf } from '../core/errors.ts';

/** One bead that a convoy tracks. */
export interface ConvoyMember {
  readonly id: string;
  /** Value undefined = looked, it is deleted. Not ok = its database cannot be read. */
  readonly bead: Fact<Bead | undefined>;
  /** It is handed in and not decided. */
  readonly liveMr: string | undefined;
}

export interface Convoy {
  readonly bead: Bead;
  readonly members: readonly ConvoyMember[];
}

/** The convoys with their members: two queries of hq and two per rig that is touched, however many there are. */
export async function readConvoys(ctx: TownContext, convoys: readonly Bead[]): Promise<readonly Convoy[]> {
  if (convoys.length === 0) return [];
  const hq = await ctx.ledgers.hq();
  const edges = (await hq.edgesFrom(convoys.map((convoy) => convoy.id))).filter(
    (edge) => edge.type === 'tracks',
  );
  const members = await readMembers(ctx, [...new Set(edges.map((edge) => edge.to))]);
  const byConvoy = Map.groupBy(edges, (edge: Edge) => edge.from);
  return convoys.map((bead) => ({
    bead,
    members: (byConvoy.get(bead.id) ?? []).map((edge) => members.get(edge.to) ?? missing(edge.to)),
  }));
}

function missing(id: string): ConvoyMember {
  return { id, bead: unknownFact('not read'), liveMr: undefined };
}

async function readMembers(
  ctx: TownContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ConvoyMember>> {
  const ledgers = await Promise.all(ids.map(async (id) => ({ id, ledger: await ledgerOf(ctx, id) })));
  const byDatabase = Map.groupBy(ledgers, ({ ledger }) => (ledger.ok ? ledger.value.database : ''));
  const read = await Promise.all(
    [...byDatabase.values()].map(async (group) => {
      const first = group[0]?.ledger;
      const own = group.map(({ id }) => id);
      return first?.ok === true
        ? readFrom(first.value, own)
        : own.map((id) => unreadable(id, first?.why ?? ''));
    }),
  );
  return new Map(read.flat().map((member) => [member.id, member]));
}

async function ledgerOf(ctx: TownContext, id: string): Promise<Fact<Ledger>> {
  try {
    return known(await ctx.ledgers.of(id));
  } catch (error) {
    // No route and no answer are both "could not look": a rig may be away for a while.
    if (error instanceof GtError) return unknownFact(messageOf(error));
    throw error;
  }
}

async function readFrom(ledger: Ledger, ids: readonly string[]): Promise<readonly ConvoyMember[]> {
  try {
    const [beads, requests] = await Promise.all([ledger.list({ ids }), openMergeRequests(ledger)]);
    const byId = new Map(beads.map((bead) => [String(bead.id), bead]));
    const live = new Map(requests.filter(isLive).map((mr) => [String(mr.sourceIssue), String(mr.id)]));
    return ids.map((id) => ({ id, bead: known(byId.get(id)), liveMr: live.get(id) }));
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof NotFoundError) throw error;
    return ids.map((id) => unreadable(id, messageOf(error)));
  }
}

function unreadable(id: string, why: string): ConvoyMember {
  return { id, bead: unknownFact(why), liveMr: undefined };
}
