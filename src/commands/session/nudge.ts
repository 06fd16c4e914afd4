import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { nudge } from '../../sessions/nudge.ts';
import type { NudgeOutcome, NudgeRequest } from '../../sessions/nudge.ts';
import { isMuted } from '../../sessions/muted.ts';
import { findTarget } from '../../sessions/target.ts';

export const schema = z.object({
  target: z.string(),
  session: z.string(),
  outcome: z.enum(['delivered', 'queued', 'skipped']),
  reason: z.optional(z.string()),
});

const MUTED: NudgeOutcome = { kind: 'skipped', why: 'it has muted nudges (--force sends it anyway)' };
const MODES = ['wait-idle', 'queue', 'immediate'] as const;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { address, session, bead } = await findTarget(town, input.arg('agent'));
  const request: NudgeRequest = {
    message: await readMessage(app, input),
    mode: MODES.find((mode) => mode === input.flag('mode')) ?? 'wait-idle',
    priority: input.flag('priority') === 'urgent' ? 'urgent' : 'normal',
    sender: town.actor,
    ifFresh: input.bool('if-fresh'),
  };
  const muted = !input.bool('force') && (await isMuted(town, bead));
  const outcome = muted ? MUTED : await nudge(town, session, request);
  const target = formatAddress(address);
  return {
    data: {
      target,
      session,
      outcome: outcome.kind,
      ...(outcome.kind === 'delivered' ? {} : { reason: outcome.why }),
    },
    text: describe(outcome, target, app.output.style.green),
  };
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

function describe(outcome: NudgeOutcome, target: string, green: (text: string) => string): string {
  switch (outcome.kind) {
    case 'delivered':
      return `${green('✓')} ${target} has it`;
    case 'queued':
      return `${green('✓')} Queued for ${target}: ${outcome.why}`;
    case 'skipped':
      return `Nothing sent to ${target}: ${outcome.why}`;
  }
}
