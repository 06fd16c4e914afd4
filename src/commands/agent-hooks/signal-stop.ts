import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import { stopAnswer } from '../../hooks/hook-answer.ts';
import { runSignalStop } from '../../hooks/signal-stop.ts';
import type { StopAnswer } from '../../hooks/signal-stop.ts';
import { strangerLine } from '../acting-town.ts';
import { formatOf } from '../hook-format.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { verdict, warnings, told } = await askStop(app);
  return { text: stopAnswer(formatOf(input), verdict), warnings, afterPrint: told };
}

/** A hook that fails must not hold an agent: any trouble approves, and is told on stderr. */
export async function askStop(
  app: AppContext,
): Promise<StopAnswer & { readonly warnings: readonly string[] }> {
  try {
    const town = await app.town();
    const stranger = await strangerLine(town);
    if (stranger !== undefined) return approved(`signal stop: ${stranger}`);
    return { ...(await runSignalStop(town, town.actor)), warnings: [] };
  } catch (error) {
    return approved(`signal stop: ${messageOf(error)}`);
  }
}

function approved(warning: string) {
  return { verdict: { decision: 'approve' }, warnings: [warning], told: async () => undefined } as const;
}
