import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { shellWord } from '../../core/shell-word.ts';
import { addWorktree, crewActor, worktreeBranch } from '../../crew/worktree.ts';
import { rigNamed } from '../../rig/registry.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const own = crewActor(town);
  const { place, made, warnings } = await addWorktree(town, own, await rigNamed(town, input.arg('rig')));
  if (input.bool('no-cd')) return { text: place.path, warnings };
  const what = made ? `is made, on branch ${worktreeBranch(place)}` : 'is there already';
  return {
    text: `${app.output.style.green('✓')} Your worktree of ${place.rig.name} ${what}\n\nGo there: cd ${shellWord(place.path)}`,
    warnings,
  };
}
