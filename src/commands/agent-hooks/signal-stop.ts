import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import { runSignalStop } from '../../hooks/signal-stop.ts';
import type { StopVerdict } from '../../hooks/signal-stop.ts';

/** A hook that fails must not hold an agent: any trouble approves, and is told on stderr. */
export async function run(app: AppContext): Promise<CommandReply> {
  try {
    return reply(await verdict(app));
  } catch (error) {
    return { ...reply({ decision: 'approve' }), warnings: [`signal stop: ${messageOf(error)}`] };
  }
}

async function verdict(app: AppContext): Promise<StopVerdict> {
  const town = await app.town();
  const { actor } = town;
  return 'rig' in actor ? runSignalStop(town, actor) : { decision: 'approve' };
}

function reply(verdict: StopVerdict): CommandReply {
  return { text: JSON.stringify(verdict) };
}
