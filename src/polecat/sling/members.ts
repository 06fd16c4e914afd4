import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { readRigs, rigOfId } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import { whyNotWork } from '../dispatchable.ts';

const isEpic = (bead: Bead): boolean => bead.type === 'epic' || bead.labels.includes('gt:epic');
const isConvoy = ({ id, type, labels }: Bead): boolean =>
  type === 'convoy' || labels.includes('gt:convoy') || id.startsWith('hq-cv-');
/** It stands for other beads. */
export const isGroup = (bead: Bead): boolean => isEpic(bead) || isConvoy(bead);

/**
 * An epic stands for its open children and theirs, a convoy for what it tracks; anything else for itself.
 * NotFoundError `sling.no-members`.
 */
export async function membersOf(ctx: TownContext, bead: Bead): Promise<readonly Bead[]> {
  if (!isGroup(bead)) return [bead];
  const open = (await leavesOf(ctx, bead, new Set())).filter(
    (member) => member.status === 'open' && whyNotWork(member) === undefined,
  );
  if (open.length > 0) return open;
  throw new NotFoundError({
    code: 'sling.no-members',
    message: `${bead.id} has no open bead to sling`,
    hint: `Run: bd show ${bead.id}`,
  });
}

async function leavesOf(ctx: TownContext, group: Bead, seen: Set<string>): Promise<readonly Bead[]> {
  if (seen.has(group.id)) return [];
  seen.add(group.id);
  const members = isEpic(group) ? await childrenOf(ctx, group) : await trackedBy(ctx, group);
  const leaves = await Promise.all(
    members.map(async (member) => (isGroup(member) ? leavesOf(ctx, member, seen) : [member])),
  );
  return leaves.flat();
}

async function childrenOf(ctx: TownContext, epic: Bead): Promise<readonly Bead[]> {
  return (await ctx.ledgers.of(epic.id)).list({ parent: epic.id, order: 'priority' });
}

async function trackedBy(ctx: TownContext, convoy: Bead): Promise<readonly Bead[]> {
  const edges = await (await ctx.ledgers.of(convoy.id)).edgesFrom([convoy.id]);
  const ids = edges.filter((edge) => edge.type === 'tracks').map((edge) => edge.to);
  const beads = await Promise.all(ids.map(async (id) => (await ctx.ledgers.of(id)).get(id)));
  return beads.filter((bead) => bead !== undefined);
}

/** The rig of each bead; those of the town have none. */
export async function rigsOf(ctx: TownContext, beads: readonly Bead[]): Promise<ReadonlyMap<string, Rig>> {
  const rigs = await readRigs(ctx);
  const pairs = beads.map(({ id }) => [id, rigOfId(rigs, id)] as const);
  return new Map(pairs.flatMap(([id, rig]) => (rig === undefined ? [] : [[id, rig] as const])));
}

/** Any polecat of the rig that has the bead. NotFoundError `bead.no-rig`. */
export function ownRig(rigs: ReadonlyMap<string, Rig>, bead: Bead): Recipient {
  const rig = rigs.get(bead.id);
  if (rig !== undefined) return { kind: 'worker', rig };
  throw new NotFoundError({
    code: 'bead.no-rig',
    message: `no rig has the prefix of ${bead.id}`,
    hint: `Name an agent of the town: gt sling ${bead.id} mayor`,
  });
}

/** UsageError `sling.rigs-differ`. */
export function refuseSeveralRigs(rigs: ReadonlyMap<string, Rig>): void {
  const names = [...new Set([...rigs.values()].map((rig) => rig.name))];
  if (names.length < 2) return;
  throw new UsageError({
    code: 'sling.rigs-differ',
    message: `these beads belong to several rigs: ${names.join(', ')}`,
    hint: 'Sling the beads of each rig on their own',
  });
}
