import type { CommandSpec } from '../../cli/command.ts';

/** Worktrees of crew in other rigs. */
export const worktreeCommands: readonly CommandSpec[] = [
  {
    path: 'worktree',
    group: 'Workspace',
    summary: 'Work in another rig under your own name: a worktree of it for crew',
    description: [
      'Makes <rig>/crew/<your rig>-<your name> at the default branch of that rig, on a branch of its own. In it you are',
      'still you: work and commits carry your name. One that is there is only named again.',
    ].join('\n'),
    args: [{ name: 'rig', summary: 'The other rig (project)', required: true }],
    flags: [{ name: 'no-cd', summary: 'Print only the folder, not the command that goes there' }],
    examples: ['gt worktree web', 'cd "$(gt worktree web --no-cd)"'],
    load: () => import('./add.ts'),
  },
  {
    path: 'worktree list',
    summary: 'List your worktrees in other rigs; a person sees those of all crew',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'worktree remove',
    summary: 'Remove your worktree in another rig; what only it holds is kept',
    description:
      'Refuses over changes in no commit and commits on no remote. With --force all that goes into rescue refs first.',
    args: [{ name: 'rig', summary: 'The other rig (project)', required: true }],
    flags: [{ name: 'force', short: 'f', summary: 'Also with work in it; nothing is lost' }],
    load: () => import('./remove.ts'),
  },
];
