import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { startEach } from '../../crew/start.ts';
import { actingTown } from '../acting-town.ts';
import { findOrNew } from '../crew/choose.ts';
import { outcomeReply } from '../crew/outcome.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const place = await findOrNew(town, { word: input.arg('name'), rig: input.flag('rig'), cwd: app.cwd });
  return outcomeReply(
    app,
    await startEach(town, [place], { agent: input.flag('agent'), account: input.flag('account') }),
  );
}
