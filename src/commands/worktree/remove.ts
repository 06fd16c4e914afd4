import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { removeWorktree } from '../../crew/worktree-remove.ts';
import { crewActor, findWorktree } from '../../crew/worktree.ts';
import { rigNamed } from '../../rig/registry.ts';
import { goneLines } from '../../ui/text/removed.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const place = await findWorktree(town, crewActor(town), await rigNamed(town, input.arg('rig')));
  const { readBack } = await removeWorktree(town, place, { force: input.bool('force') });
  const what = `Your worktree of ${place.rig.name}`;
  return { text: goneLines(what, { released: [], read_back: readBack }, app.output.style).join('\n') };
}
