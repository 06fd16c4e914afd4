import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import { stopAnswer } from '../../hooks/hook-answer.ts';
import { runSignalStop } from '../../hooks/signal-stop.ts';
import type { StopVerdict } from '../../hooks/signal-stop.ts';
import { strangerLine } from '../acting-town.ts';
import { formatOf } from '../hook-format.ts';

const APPROVE: StopVerdict = { decision: 'approve' };

/** A hook that fails must not hold an agent: any trouble approves, and is told on stderr. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const format = formatOf(input);
  try {
    const town = await app.town();
    const stranger = await strangerLine(town);
    if (stranger !== undefined)
      return { text: stopAnswer(format, APPROVE), warnings: [`signal stop: ${stranger}`] };
    const { verdict, told } = await runSignalStop(town, town.actor);
    return { text: stopAnswer(format, verdict), afterPrint: told };
  } catch (error) {
    return { text: stopAnswer(format, APPROVE), warnings: [`signal stop: ${messageOf(error)}`] };
  }
}
