import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { viewCrew } from '../../crew/view.ts';
import { listWorktrees } from '../../crew/worktree.ts';
import { renderWorktrees } from '../../ui/text/crew.ts';

export const schema = z.array(
  z.object({
    rig: z.string(),
    name: z.string(),
    path: z.string(),
    branch: z.string(),
    git_clean: z.boolean(),
    changes: z.number(),
    error: z.optional(z.string()),
  }),
);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const places = await listWorktrees(town, town.actor);
  const views = await Promise.all(places.map((place) => viewCrew(town, place)));
  const rows = views.map(({ place, git }) => {
    const changes = git.ok ? git.value.changed.length + git.value.untracked.length : 0;
    return {
      rig: place.rig.name,
      name: place.name,
      path: place.path,
      branch: git.ok ? (git.value.branch ?? '') : '',
      git_clean: git.ok && changes === 0 && git.value.operation === undefined,
      changes,
      ...(git.ok ? {} : { error: git.why }),
    };
  });
  return { data: rows, text: renderWorktrees(rows, app.output) };
}
