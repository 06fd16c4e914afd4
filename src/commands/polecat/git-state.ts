import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, UnreadableError } from '../../core/errors.ts';
import { readWorktreeState } from '../../hooks/worktree-state.ts';
import { polecatNamed } from '../../polecat/list.ts';
import { renderGitState } from '../../ui/text/polecat-care.ts';
import { parsePolecat } from './names.ts';

export const schema = z.object({
  rig: z.string(),
  polecat: z.string(),
  clean: z.boolean(),
  uncommitted_files: z.array(z.string()),
  unpushed_commits: z.number(),
  stash_count: z.number(),
  operation: z.optional(z.string()),
  branch: z.optional(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { rig, name } = await parsePolecat(town, input.arg('polecat'));
  const view = await polecatNamed(town, rig, name);
  const state = await readWorktreeState(town, rig, view.name);
  const polecat = `${rig.name}/${view.name}`;
  if (state.kind === 'absent') {
    throw new NotFoundError({ code: 'polecat.no-worktree', message: `polecat ${polecat} has no worktree` });
  }
  if (state.kind === 'unreadable') {
    throw new UnreadableError({
      code: 'git.unreadable',
      message: `git cannot read the worktree of ${polecat}: ${state.why}`,
      hint: `Keep it and start anew: gt polecat nuke ${polecat} --force`,
    });
  }
  const { changes, stashes, operation, unpushed, headSafe, branch } = state;
  const data = {
    rig: rig.name,
    polecat: view.name,
    clean: changes.length === 0 && stashes === 0 && operation === undefined && headSafe,
    uncommitted_files: [...changes],
    unpushed_commits: unpushed,
    stash_count: stashes,
    ...(operation === undefined ? {} : { operation }),
    ...(branch === undefined ? {} : { branch }),
  };
  return { data, text: renderGitState(data, app.output.style) };
}
