import { DISPATCH_KEY } from '../beads/forms/sling-terms.ts';
import { contentOf } from '../beads/content-of.ts';
import { locateBead } from '../beads/locate.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead, BeadComment, Edge, Ledger, NewBead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import { whyNotWork } from '../polecat/dispatchable.ts';
import { listRigs } from '../rig/registry.ts';

/** Written into the copy, so that a move that was interrupted finds it again. */
const ORIGIN_KEY = 'moved_from';

export interface MoveReport {
  readonly from: string;
  /** undefined in a dry run that has made no copy. */
  readonly to: string | undefined;
  readonly rig: string;
}

/**
 * `gt bead move`: a copy of the bead in the ledger of another rig takes its place in convoys, then the old one is
 * closed with the new id. Each step can be repeated. NotFoundError `bead.not-found` `rig.not-found`, RefusedError
 * `bead.not-movable`.
 * @param place prefix or name of a rig; `hq` = the town
 */
export async function moveBead(
  ctx: TownContext,
  request: { readonly bead: string; readonly place: string; readonly dryRun: boolean },
): Promise<MoveReport> {
  const { ledgers } = ctx;
  const found = await locateBead(ledgers, await ledgers.hq(), request.bead);
  const { rig, ledger: target } = await ledgerOfPlace(ctx, request.place);
  const facts = await readFacts(found.ledger, found.bead);
  const why = whyNotMovable(facts, target.prefix);
  if (why !== undefined) throw notMovable(found.bead, why);
  const [made] = await target.list({ metadata: { [ORIGIN_KEY]: found.bead.id } });
  const { id: from } = found.bead;
  if (request.dryRun) return { from, to: made?.id, rig };
  const copy = made ?? (await makeCopy(ctx, target, facts));
  await takePlaceInConvoys(ctx, from, copy.id);
  await found.ledger.transaction(formatAddress(ctx.actor), (tx) =>
    tx.close(from, { reason: `Moved to ${copy.id}`, force: true }),
  );
  return { from, to: copy.id, rig };
}

interface MoveFacts {
  readonly bead: Bead;
  readonly comments: readonly BeadComment[];
  readonly leaving: readonly Edge[];
  /** Open beads that wait for it or are its children. */
  readonly dependents: readonly string[];
  /** Open beads that it waits for: from another ledger nothing would hold it back any more. */
  readonly blockers: readonly string[];
}

async function readFacts(ledger: Ledger, bead: Bead): Promise<MoveFacts> {
  const [comments, leaving, arriving, blockers] = await Promise.all([
    ledger.comments(bead.id),
    ledger.edgesFrom([bead.id]),
    ledger.edgesTo([bead.id]),
    ledger.openBlockers(bead.id),
  ]);
  const ids = arriving.filter(({ type }) => type !== 'tracks').map(({ from }) => from);
  const open = ids.length === 0 ? [] : await ledger.list({ ids, notStatus: ['closed'] });
  return { bead, comments, leaving, dependents: open.map(({ id }) => id), blockers };
}

/** Pure. */
function whyNotMovable(facts: MoveFacts, prefix: string): string | undefined {
  const { bead, dependents, blockers, leaving } = facts;
  if (bead.id.startsWith(`${prefix}-`)) return 'it is there already';
  if (bead.status === 'closed') return 'it is closed';
  if (bead.assignee !== '' || bead.status === 'hooked' || bead.status === 'in_progress') {
    return `${bead.assignee || 'somebody'} works on it`;
  }
  const machinery = bead.type === 'epic' ? undefined : whyNotWork(bead);
  if (machinery !== undefined) return machinery;
  if (dependents.length > 0) return `open beads depend on it: ${dependents.slice(0, 5).join(', ')}`;
  if (blockers.length > 0) return `it waits for ${blockers.slice(0, 5).join(', ')}`;
  const parent = leaving.find(({ type }) => type === 'parent-child');
  return parent === undefined ? undefined : `it is a child of ${parent.to}`;
}

function notMovable(bead: Bead, why: string): RefusedError {
  return new RefusedError({
    code: 'bead.not-movable',
    message: `${bead.id} cannot be moved: ${why}`,
    hint: `See what belongs to it: bd show ${bead.id}`,
  });
}

async function ledgerOfPlace(ctx: TownContext, place: string): Promise<{ rig: string; ledger: Ledger }> {
  const word = place.replace(/-+$/, '');
  if (word === 'hq') return { rig: 'hq', ledger: await ctx.ledgers.hq() };
  const rigs = await listRigs(ctx);
  const rig = rigs.find(({ prefix }) => prefix === word) ?? rigs.find(({ name }) => name === word);
  if (rig !== undefined) return { rig: rig.name, ledger: await ctx.ledgers.open(rig.database) };
  throw new NotFoundError({
    code: 'rig.not-found',
    message: `no rig has the prefix or name '${word.slice(0, 60)}'`,
    hint: 'Run: gt rig list',
  });
}

/** Text, labels, comments and edges; those to the old ledger become external ones by themselves. */
function makeCopy(ctx: TownContext, target: Ledger, { bead, comments, leaving }: MoveFacts): Promise<Bead> {
  return target.transaction(formatAddress(ctx.actor), async (tx) => {
    const copy = await tx.create(newBeadOf(bead));
    for (const { author, text } of comments) await tx.comment(copy.id, `${author}: ${text}`);
    for (const { to, type, metadata } of leaving) await tx.addEdge({ from: copy.id, to, type, metadata });
    return copy;
  });
}

function newBeadOf(bead: Bead): NewBead {
  const { [DISPATCH_KEY]: _, ...metadata } = bead.metadata;
  return {
    ...contentOf(bead),
    status: bead.status,
    owner: bead.owner,
    labels: bead.labels,
    metadata: { ...metadata, [ORIGIN_KEY]: bead.id },
    ...(bead.externalRef === undefined ? {} : { externalRef: bead.externalRef }),
    ...(bead.deferUntil === undefined ? {} : { deferUntil: bead.deferUntil }),
    ...(bead.dueAt === undefined ? {} : { dueAt: bead.dueAt }),
  };
}

/** Before the old bead closes, so that no convoy takes it for finished. */
async function takePlaceInConvoys(ctx: TownContext, from: string, to: string): Promise<void> {
  const hq = await ctx.ledgers.hq();
  const edges = (await hq.edgesTo([from])).filter(({ type }) => type === 'tracks');
  if (edges.length === 0) return;
  const ids = edges.map((edge) => edge.from);
  const convoys = await hq.list({ ids, type: ['convoy'], notStatus: ['closed'] });
  const known = new Set((await hq.edgesTo([to])).map((edge) => edge.from));
  await hq.transaction(formatAddress(ctx.actor), async (tx) => {
    for (const { id } of convoys) if (!known.has(id)) await tx.addEdge({ from: id, to, type: 'tracks' });
  });
}
