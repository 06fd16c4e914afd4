import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import { contextAnswer } from '../../hooks/hook-answer.ts';
import type { HookFormat } from '../../hooks/hook-answer.ts';
import { claimNudges, countNudges, renderReminder } from '../../sessions/nudge-queue.ts';
import { targetOf } from '../../sessions/target.ts';
import { strangerLine } from '../acting-town.ts';
import { formatOf } from '../hook-format.ts';

/** With --inject: hands queued nudges to the model, exit 0 always. Without: says how many wait, exit 1 for none. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (!input.bool('inject')) return count(app);
  try {
    return await inject(await app.town(), formatOf(input));
  } catch (error) {
    return { warnings: [`mail check: ${messageOf(error)}`] };
  }
}

async function inject(town: TownContext, format: HookFormat): Promise<CommandReply> {
  const stranger = await strangerLine(town);
  if (stranger !== undefined) return { warnings: [`mail check: ${stranger}`] };
  const { session } = await targetOf(town, town.actor);
  const claim = await claimNudges(town, session);
  if (claim === undefined) return {};
  const text = contextAnswer(format, 'prompt', renderReminder(claim.nudges));
  return { text, afterPrint: () => claim.done() };
}

async function count(app: AppContext): Promise<CommandReply> {
  const town = await app.town();
  const { session } = await targetOf(town, town.actor);
  const waiting = await countNudges(town, session);
  return waiting === 0
    ? { text: 'Nothing waits for you', exitCode: 1 }
    : { text: `${waiting} waiting for you` };
}
