import * as z from 'zod/mini';
import type { CommandReply } from '../../cli/command.ts';
import { formatAddress } from '../../core/address.ts';
import type { NudgeReport } from '../../sessions/nudge-target.ts';
import type { Paint } from '../../ui/text/paint.ts';

export const rowSchema = z.object({
  target: z.string(),
  session: z.string(),
  outcome: z.enum(['delivered', 'queued', 'skipped', 'failed']),
  reason: z.optional(z.string()),
});

export function reportRow({ target, outcome }: NudgeReport): z.infer<typeof rowSchema> {
  const { address, session } = target;
  const reason = outcome.kind === 'delivered' ? {} : { reason: outcome.why };
  return { target: formatAddress(address), session, outcome: outcome.kind, ...reason };
}

export function reportLine({ target, outcome }: NudgeReport, paint: Paint): string {
  const name = formatAddress(target.address);
  switch (outcome.kind) {
    case 'delivered':
      return `${paint.green('✓')} ${name} has it`;
    case 'queued':
      return `${paint.green('✓')} Queued for ${name}: ${outcome.why}`;
    case 'skipped':
      return `Nothing sent to ${name}: ${outcome.why}`;
    case 'failed':
      return `${paint.red('✖')} ${name}: ${outcome.why}`;
  }
}

/** Exit 1 when somebody could not be reached. */
export function replyForEach(reports: readonly NudgeReport[], paint: Paint): CommandReply {
  const lines = reports.map((report) => reportLine(report, paint));
  return {
    data: reports.map(reportRow),
    text: lines.length === 0 ? 'There is nobody to tell' : lines.join('\n'),
    exitCode: reports.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0,
  };
}
