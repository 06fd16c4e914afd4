import type { CommandSpec } from '../../cli/command.ts';

export const polecatCommands: readonly CommandSpec[] = [
  {
    path: 'polecat',
    aliases: ['polecats'],
    group: 'Agent Management',
    summary: 'Polecats (workers) of the rigs',
  },
  {
    path: 'polecat list',
    summary: 'List polecats (workers) with state, bead and session',
    args: [{ name: 'rig', summary: 'The rig; default: all' }],
    flags: [{ name: 'all', short: 'a', summary: 'Also nuked ones' }],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'polecat status',
    summary: 'One polecat (worker) in detail, and why it is in its state',
    args: [{ name: 'polecat', summary: '<rig>/<polecat>', required: true }],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'polecat nuke',
    summary: 'Remove polecats (workers): session, worktree, branches, name',
    description: [
      'Refuses while one holds work, has changes in no commit, or commits on no remote. With --force it is stopped and',
      'everything goes into a rescue ref first; the command that reads it back is printed. Work that is handed in is',
      'never touched.',
    ].join('\n'),
    args: [
      { name: 'polecats', summary: '<rig>/<polecat>, or with --all the rig', required: true, many: true },
    ],
    flags: [
      { name: 'all', short: 'a', summary: 'All polecats of the rig' },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be done' },
      { name: 'force', short: 'f', summary: 'Also when it has work; nothing is lost' },
    ],
    examples: ['gt polecat nuke shop/nux', 'gt polecat nuke shop --all --force'],
    json: true,
    load: () => import('./nuke.ts'),
  },
];
