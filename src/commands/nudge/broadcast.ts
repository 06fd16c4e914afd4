import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { rigNamed } from '../../rig/registry.ts';
import { liveTargets } from '../../sessions/nudge-channel.ts';
import { nudgeEach } from '../../sessions/nudge-target.ts';
import type { Target } from '../../sessions/target.ts';
import { actingTown } from '../acting-town.ts';
import { replyForEach, rowSchema } from './report.ts';

export const schema = z.array(rowSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = input.flag('rig');
  if (rig !== undefined) await rigNamed(town, rig);
  const targets = (await liveTargets(town)).filter(
    (target) => (input.bool('all') || isWorker(target)) && (rig === undefined || isOf(target, rig)),
  );
  const request = {
    message: input.arg('message'),
    mode: 'wait-idle',
    priority: 'normal',
    sender: town.actor,
    force: input.bool('force'),
  } as const;
  if (input.bool('dry-run')) return wouldTell(targets, formatAddress(town.actor));
  return replyForEach(await nudgeEach(town, targets, request), app.output.style);
}

function isWorker({ address: { role } }: Target): boolean {
  return role === 'polecat' || role === 'crew';
}

function isOf({ address }: Target, rig: string): boolean {
  return 'rig' in address && address.rig === rig;
}

function wouldTell(targets: readonly Target[], self: string): CommandReply {
  const rows = targets
    .map(({ address, session }) => ({ target: formatAddress(address), session }))
    .filter(({ target }) => target !== self)
    .map((row) => ({ ...row, outcome: 'skipped', reason: 'dry run' }));
  const names = rows.map(({ target }) => target);
  return {
    data: rows,
    text: names.length === 0 ? 'There is nobody to tell' : `Would tell: ${names.join(', ')}`,
  };
}
