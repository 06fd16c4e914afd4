import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { channelTargets } from '../../sessions/nudge-channel.ts';
import { nudgeEach, nudgeTarget } from '../../sessions/nudge-target.ts';
import type { SentNudge } from '../../sessions/nudge-target.ts';
import { findTarget } from '../../sessions/target.ts';
import { actingTown } from '../acting-town.ts';
import { replyForEach, reportLine, reportRow, rowSchema } from './report.ts';

/** Of one agent, or of each in a channel. */
export const schema = z.union([rowSchema, z.array(rowSchema)]);

const MODES = ['wait-idle', 'queue', 'immediate'] as const;
const CHANNEL = 'channel:';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const request: SentNudge = {
    message: await readMessage(app, input),
    mode: MODES.find((mode) => mode === input.flag('mode')) ?? 'wait-idle',
    priority: input.flag('priority') === 'urgent' ? 'urgent' : 'normal',
    sender: town.actor,
    ifFresh: input.bool('if-fresh'),
    force: input.bool('force'),
  };
  const word = input.arg('agent');
  if (word.startsWith(CHANNEL)) {
    const targets = await channelTargets(town, word.slice(CHANNEL.length));
    return replyForEach(await nudgeEach(town, targets, request), app.output.style);
  }
  const target = await findTarget(town, word);
  const report = { target, outcome: await nudgeTarget(town, target, request) };
  return { data: reportRow(report), text: reportLine(report, app.output.style) };
}

async function readMessage(app: AppContext, input: CommandInput): Promise<string> {
  const given = input.bool('stdin') ? await app.stdin() : (input.flag('message') ?? input.arg('message'));
  if (given.trim() !== '') return given.trim();
  throw new UsageError({
    code: 'nudge.no-message',
    message: 'there is no message',
    hint: 'gt nudge <agent> "<text>"',
  });
}
