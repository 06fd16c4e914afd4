import type { CommandSpec } from '../../cli/command.ts';

export const lifecycleCommands: readonly CommandSpec[] = [
  {
    path: 'up',
    group: 'Services',
    summary: 'Start the town: ledger, daemon, merge queues, and the agents of work in hand',
    description: [
      'With --restore every agent that was at work when the machine, tmux or the town went down comes back at once, each on',
      'its hook in its place and, where its program can, in its conversation; so do the crew that crew.startup names.',
    ].join('\n'),
    flags: [
      { name: 'quiet', short: 'q', summary: 'Print only what failed' },
      { name: 'restore', summary: 'Also bring back every agent that was at work' },
    ],
    json: true,
    load: () => import('./up.ts'),
  },
  {
    path: 'down',
    group: 'Services',
    summary: 'Stop everything of the town; work stays where it is',
    description: [
      'Writes first that the town is wanted down, so that nothing starts again, then ends agents, daemon and ledger',
      'server. Exit 1 with the process ids if anything still lives. gt up brings it back.',
    ].join('\n'),
    flags: [
      { name: 'quiet', short: 'q', summary: 'Print only what failed' },
      { name: 'dry-run', summary: 'Only say what would be stopped' },
      { name: 'force', short: 'f', summary: 'Kill agents at once instead of letting them end' },
      { name: 'all', short: 'a', summary: 'The same: down stops all of the town' },
      { name: 'polecats', short: 'p', summary: 'The same: polecats (workers) are stopped too' },
    ],
    json: true,
    load: () => import('./down.ts'),
  },
];
