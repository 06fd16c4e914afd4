import type { CommandSpec } from '../../cli/command.ts';

export const convoyCommands: readonly CommandSpec[] = [
  { path: 'convoy', group: 'Work Management', summary: 'Convoys (groups of beads slung together)' },
  {
    path: 'convoy list',
    summary: 'List convoys (groups of beads) with their progress',
    flags: [
      { name: 'all', summary: 'Also closed ones' },
      { name: 'status', kind: 'string', values: ['open', 'closed'], summary: 'Only these' },
      { name: 'tree', summary: 'Also the beads of each' },
    ],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'convoy status',
    summary: 'One convoy with its beads, or all open ones',
    args: [{ name: 'convoy', summary: 'Convoy id; default: all open ones' }],
    json: true,
    load: () => import('./status.ts'),
  },
];
