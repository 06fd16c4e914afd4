import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { removeWorktree } from '../../crew/worktree-remove.ts';
import { crewActor, findWorktree } from '../../crew/worktree.ts';
import { rigNamed } from '../../rig/registry.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const place = await findWorktree(town, crewActor(town), await rigNamed(town, input.arg('rig')));
  const { readBack } = await removeWorktree(town, place, { force: input.bool('force') });
  const kept = readBack.length === 0 ? [] : ['  what only it had is kept; read it back with:'];
  return {
    text: [
      `${app.output.style.green('✓')} Your worktree of ${place.rig.name} is gone`,
      ...kept,
      ...readBack.map((command) => `    ${command}`),
    ].join('\n'),
  };
}
