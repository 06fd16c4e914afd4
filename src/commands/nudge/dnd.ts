import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { readNotificationLevel, setNotificationLevel } from '../../sessions/notification-level.ts';
import { targetOf } from '../../sessions/target.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({ agent: z.string(), muted: z.boolean() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const target = await targetOf(town, town.actor);
  const before = (await readNotificationLevel(town, target)) === 'muted';
  const muted = wanted(input.arg('what'), before);
  if (muted !== before) await setNotificationLevel(town, target, muted ? 'muted' : 'normal');
  const agent = formatAddress(town.actor);
  const text = muted ? `${agent} is muted: nudges are skipped (gt dnd off ends it)` : `${agent} takes nudges`;
  return { data: { agent, muted }, text };
}

function wanted(word: string, before: boolean): boolean {
  switch (word) {
    case 'on':
      return true;
    case 'off':
      return false;
    case 'status':
      return before;
    case '':
      return !before;
    default:
      throw new UsageError({
        code: 'notify.bad-level',
        message: `'${word.slice(0, 40)}' is none of on, off, status`,
      });
  }
}
