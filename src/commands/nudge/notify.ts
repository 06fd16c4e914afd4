import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import {
  NOTIFICATION_LEVELS,
  readNotificationLevel,
  setNotificationLevel,
} from '../../sessions/notification-level.ts';
import type { NotificationLevel } from '../../sessions/notification-level.ts';
import { targetOf } from '../../sessions/target.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ agent: z.string(), level: z.enum(NOTIFICATION_LEVELS) });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const word = input.arg('level');
  const asked = word === '' ? undefined : parseLevel(word);
  const town = await actingTown(app);
  const target = await targetOf(town, town.actor);
  if (asked !== undefined) await setNotificationLevel(town, target, asked);
  const level = asked ?? (await readNotificationLevel(town, target));
  const agent = formatAddress(town.actor);
  return { data: { agent, level }, text: `${agent}: ${level}` };
}

function parseLevel(word: string): NotificationLevel {
  const level = NOTIFICATION_LEVELS.find((known) => known === word);
  if (level !== undefined) return level;
  throw new UsageError({
    code: 'notify.bad-level',
    message: `'${word.slice(0, 40)}' is none of ${NOTIFICATION_LEVELS.join(', ')}`,
  });
}
