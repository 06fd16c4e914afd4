import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { sessionOf } from '../../core/address.ts';
import { messageOf } from '../../core/errors.ts';
import { parsePrefix } from '../../core/names.ts';
import type { SessionName } from '../../core/names.ts';
import { rigNamed } from '../../rig/registry.ts';
import { claimNudges, countNudges, renderReminder } from '../../sessions/nudge-queue.ts';

/** With --inject: hands queued nudges to the model, exit 0 always. Without: says how many wait, exit 1 for none. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (!input.bool('inject')) return count(app);
  try {
    return await inject(await app.town());
  } catch (error) {
    return { warnings: [`mail check: ${messageOf(error)}`] };
  }
}

async function inject(town: TownContext): Promise<CommandReply> {
  const claim = await claimNudges(town, await ownSession(town));
  if (claim === undefined) return {};
  const text = renderReminder(claim.nudges);
  await claim.done();
  return { text };
}

async function count(app: AppContext): Promise<CommandReply> {
  const town = await app.town();
  const waiting = await countNudges(town, await ownSession(town));
  return waiting === 0
    ? { text: 'Nothing waits for you', exitCode: 1 }
    : { text: `${waiting} waiting for you` };
}

async function ownSession(town: TownContext): Promise<SessionName> {
  const { actor } = town;
  const prefix = 'rig' in actor ? (await rigNamed(town, actor.rig)).prefix : parsePrefix('hq');
  return sessionOf(actor, prefix);
}
