import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError } from '../../core/errors.ts';
import { checkpointSchema, checkpointLine, readCheckpoint } from '../../hooks/checkpoint.ts';

export const schema = checkpointSchema;

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const checkpoint = await readCheckpoint(town, town.actor);
  if (checkpoint === undefined) {
    throw new NotFoundError({
      code: 'checkpoint.none',
      message: 'nothing was recorded in the last 24 hours',
      hint: 'Run: gt checkpoint write',
    });
  }
  return { data: checkpoint, text: checkpointLine(checkpoint, town.ports.clock.now()) };
}
