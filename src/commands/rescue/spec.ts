import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const RESCUE: ArgSpec = {
  name: 'rescue',
  summary: '<rig>/<polecat>/<time> as the list shows it; without the time: the newest of that polecat',
  required: true,
};

export const rescueCommands: readonly CommandSpec[] = [
  {
    path: 'rescue',
    group: 'Work Management',
    summary: 'Work that was kept when its worktree was taken away',
    description: [
      'Whatever removes or reuses a worktree first keeps what is nowhere else in a rescue ref: commits, changed and new',
      'files, staged content, stash entries, a rebase or merge under way. Rescues stay until you delete their ref.',
    ].join('\n'),
  },
  {
    path: 'rescue list',
    summary: 'List kept work: whose it was, of which bead, how old, what it holds',
    args: [{ name: 'rig', summary: 'The rig, or <rig>/<polecat>; default: all' }],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'rescue show',
    summary: 'One rescue in full, with the commands that read it',
    args: [RESCUE],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'rescue restore',
    summary: 'Bring kept work back into a new folder or branch',
    description: [
      'Default: a worktree of its own with everything as it was, the rebase under way and the stash included. --to ./folder',
      '(or /folder) chooses the place; --to name makes a branch with the commits and, as one more commit, the files.',
      'Nothing that is there is written over, and the rescue itself stays.',
    ].join('\n'),
    args: [RESCUE],
    flags: [
      { name: 'to', kind: 'string', summary: './folder or /folder, else the name of a new branch' },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be done' },
    ],
    examples: ['gt rescue restore shop/nux', 'gt rescue restore shop/nux --to ./nux-work'],
    json: true,
    load: () => import('./restore.ts'),
  },
];
