import type { TownContext } from '../beads/context.ts';
import { writeAgentRow } from '../beads/forms/agent-row.ts';
import { parseFields } from '../beads/forms/fields.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError, UnavailableError } from '../core/errors.ts';
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

/** One query for agents whose rows lie in one ledger. */
async function levelsOf(ctx: TownContext, targets: readonly Target[]) {
  const ids = targets.map(({ bead }) => bead);
  try {
    const rows = await (await ctx.ledgers.of(ids[0] ?? '')).list({ ids });
    return rows.flatMap(({ id, description }) => {
      const said = parseFields(description).get('notification_level');
      const level = NOTIFICATION_LEVELS.find((known) => known === said);
      return level === undefined ? [] : [[String(id), level] as const];
    });
  } catch (error) {
    if (error instanceof UnavailableError) return [];
    throw error;
  }
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
