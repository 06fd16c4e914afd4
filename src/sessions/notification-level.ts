import type { TownContext } from '../beads/context.ts';
import { writeAgentRow } from '../beads/forms/agent-row.ts';
import { parseFields } from '../beads/forms/fields.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError, UnavailableError } from '../core/errors.ts';
import { readRigProperties } from '../rig/properties.ts';
import { listRigs } from '../rig/registry.ts';
import type { Target } from './target.ts';

export const NOTIFICATION_LEVELS = ['verbose', 'normal', 'muted'] as const;
export type NotificationLevel = (typeof NOTIFICATION_LEVELS)[number];

/** How much an agent wants to be told. Its own row says so: the next session of the same agent finds it again. */
export async function readNotificationLevel(ctx: TownContext, target: Target): Promise<NotificationLevel> {
  return (await readLevels(ctx, [target])).get(target.bead) ?? 'normal';
}

/** The agents' beads with what their rows say; a ledger that does not answer can have muted nobody. */
export async function readLevels(
  ctx: TownContext,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, NotificationLevel>> {
  const byRig = Map.groupBy(targets, ({ address }) => ('rig' in address ? address.rig : ''));
  const groups = await Promise.all([...byRig.values()].map((own) => levelsOf(ctx, own)));
  return new Map(groups.flat());
}

/** Two queries for agents whose rows lie in one ledger. Who has said nothing keeps to the `dnd` of the rig. */
async function levelsOf(ctx: TownContext, targets: readonly Target[]) {
  const ids = targets.map(({ bead }) => bead);
  try {
    const byRig = (await isQuiet(ctx, targets)) ? ids.map((id) => [id, 'muted'] as const) : [];
    const rows = await (await ctx.ledgers.of(ids[0] ?? '')).list({ ids });
    const own = rows.flatMap(({ id, description }) => {
      const said = parseFields(description).get('notification_level');
      const level = NOTIFICATION_LEVELS.find((known) => known === said);
      return level === undefined ? [] : [[String(id), level] as const];
    });
    return [...byRig, ...own];
  } catch (error) {
    if (error instanceof UnavailableError) return [];
    throw error;
  }
}

async function isQuiet(ctx: TownContext, [first]: readonly Target[]): Promise<boolean> {
  if (first === undefined || !('rig' in first.address)) return false;
  const name = first.address.rig;
  const rig = (await listRigs(ctx)).find((each) => each.name === name);
  return rig !== undefined && (await readRigProperties(ctx, rig)).get('dnd');
}

/** RefusedError `notify.no-agent` for the person who runs the town: nobody types into their terminal. */
export async function setNotificationLevel(
  ctx: TownContext,
  { address, bead, prefix }: Target,
  level: NotificationLevel,
): Promise<void> {
  if (address.role === 'overseer') {
    throw new RefusedError({
      code: 'notify.no-agent',
      message: 'you are no agent: nothing is ever typed into your terminal',
      hint: 'To mute an agent say which: GT_ROLE=<rig>/polecats/<name> gt dnd on',
    });
  }
  const ledger = await ctx.ledgers.of(bead);
  await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    writeAgentRow(tx, address, prefix, { notificationLevel: level }),
  );
}
