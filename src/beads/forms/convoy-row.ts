import { formatAddress } from '../../core/address.ts';
import { shortHash } from '../../core/short-hash.ts';
import { oneLine } from '../../core/text.ts';
import type { TownContext } from '../context.ts';
import type { Bead, LedgerReads, LedgerTx } from '../types.ts';

/** Close reason of a convoy whose members have all landed or closed. */
export const CONVOY_DONE = 'All tracked issues completed';

/** A convoy to be there: its row in `hq` and one `tracks` edge per member. */
export interface ConvoyWish {
  /** Chosen before anything is written, so that a killed sling can be carried on (spec 11 F4). */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly members: readonly ConvoyMember[];
  /** A person closes it; it never closes by itself. */
  readonly owned?: boolean | undefined;
  readonly merge?: 'direct' | 'mr' | 'local' | undefined;
}

export interface ConvoyMember {
  readonly id: string;
  /** Of its rig, without `-`. */
  readonly prefix: string;
}

/** F4: inserts the convoy and the edges that are missing; what is there stays. Returns whether the row is new. */
export async function ensureConvoy(ctx: TownContext, wish: ConvoyWish): Promise<'created' | 'present'> {
  const hq = await ctx.ledgers.hq();
  return hq.transaction(formatAddress(ctx.actor), async (tx) => {
    const known = await tx.get(wish.id);
    if (known === undefined) await createConvoy(tx, wish);
    await addMembers(tx, wish);
    return known === undefined ? 'created' : 'present';
  });
}

async function createConvoy(tx: LedgerTx, wish: ConvoyWish): Promise<void> {
  const merge = wish.merge === undefined ? '' : `\nMerge: ${wish.merge}`;
  await tx.create({
    id: wish.id,
    title: oneLine(wish.title, 500),
    description: `${wish.description}${merge}`,
    type: 'convoy',
    labels: wish.owned === true ? ['gt:owned'] : [],
    noInheritLabels: true,
  });
}

async function addMembers(tx: LedgerTx, wish: ConvoyWish): Promise<void> {
  const edges = await tx.edgesFrom([wish.id]);
  const tracked = new Set(edges.filter((edge) => edge.type === 'tracks').map((edge) => edge.to));
  for (const { id, prefix } of wish.members) {
    if (tracked.has(id)) continue;
    const to = prefix === tx.prefix ? id : `external:${prefix}:${id}`;
    await tx.addEdge({ from: wish.id, to, type: 'tracks' });
  }
}

/** The open convoy that tracks a bead, if any. */
export async function openConvoyOf(hq: LedgerReads, bead: string): Promise<Bead | undefined> {
  const edges = (await hq.edgesTo([bead])).filter((edge) => edge.type === 'tracks');
  if (edges.length === 0) return undefined;
  const ids = edges.map((edge) => edge.from);
  const [convoy] = await hq.list({ ids, type: ['convoy'], notStatus: ['closed'], order: 'created' });
  return convoy;
}

/** Closes a convoy that this sling made and could not use; one that tracks other work stays. */
export async function dropConvoy(ctx: TownContext, id: string, reason: string): Promise<void> {
  const hq = await ctx.ledgers.hq();
  await hq.transaction(formatAddress(ctx.actor), async (tx) => {
    const convoy = await tx.get(id);
    const members = (await tx.edgesFrom([id])).filter((edge) => edge.type === 'tracks');
    if (convoy === undefined || convoy.status === 'closed' || members.length > 1) return;
    await tx.close(id, { reason, force: true });
  });
}

/** A fresh convoy id `hq-cv-<5 base36>`. @param random at least 5 bytes */
export function newConvoyId(random: Uint8Array): string {
  return `hq-cv-${shortHash(random)}`;
}
