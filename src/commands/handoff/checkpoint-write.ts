import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { checkpointLine, writeCheckpoint } from '../../hooks/checkpoint.ts';
import { readSituation } from '../../hooks/situation.ts';
import { actingTown } from '../acting-town.ts';
import { readHookInput } from '../hook-input.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { sessionId } = await readHookInput(app);
  const situation = await readSituation(town, town.actor);
  const checkpoint = await writeCheckpoint(town, town.actor, {
    situation,
    wish: {
      sessionId: sessionId ?? app.env['CLAUDE_CODE_SESSION_ID'] ?? app.env['GT_SESSION_ID'],
      notes: input.flag('notes'),
      molecule: input.flag('molecule'),
      step: input.flag('step'),
    },
  });
  const blind = [situation.held, ...(situation.tree === undefined ? [] : [situation.tree])];
  return {
    text: `Recorded ${checkpointLine(checkpoint, town.ports.clock.now())}`,
    warnings: blind.flatMap((fact) => (fact.ok ? [] : [`not recorded: ${fact.why}`])),
  };
}
