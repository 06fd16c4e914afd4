import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findCrew } from '../../rig/find-crew.ts';
import { startCrew } from '../../crew/start.ts';
import { attachSession } from '../../sessions/attach.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const place = await findCrew(town, { word: input.arg('name'), rig: input.flag('rig'), cwd: app.cwd });
  if (input.bool('no-tmux')) return { text: place.path };
  const { session, rig, name } = place;
  const start = { agent: input.flag('agent'), account: input.flag('account'), fresh: input.bool('reset') };
  const outcome = await startCrew(town, place, start);
  if (input.bool('debug')) app.output.note(`session ${session} in ${place.path}: ${outcome.kind}`);
  const warnings = outcome.kind === 'started' ? outcome.warnings : [];
  // Without a terminal nobody could look; what was asked for is done all the same.
  if (input.bool('detached') || !app.output.isTTY) {
    const how = outcome.kind === 'running' ? 'runs already' : 'started';
    return {
      text: `${rig.name}/crew/${name} ${how}. Look at it: gt crew at ${name} --rig ${rig.name}`,
      warnings,
    };
  }
  for (const warning of warnings) app.output.note(warning);
  const end = await attachSession(town, session);
  return end === 'taken' ? { warnings: ['Another terminal has attached to this session'] } : {};
}
