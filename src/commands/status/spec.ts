import type { CommandSpec } from '../../cli/command.ts';

export const statusCommands: readonly CommandSpec[] = [
  {
    path: 'status',
    aliases: ['stat'],
    group: 'Diagnostics',
    summary: 'The town at a glance: what needs you, who works on what, what lands next',
    flags: [
      { name: 'watch', short: 'w', summary: 'Draw it again and again until Ctrl-C' },
      {
        name: 'interval',
        short: 'n',
        kind: 'int',
        min: 1,
        default: 2,
        summary: 'Seconds between two frames of --watch',
      },
      { name: 'verbose', short: 'v', summary: 'Idle workers and every waiting bead, one per line' },
      { name: 'fast', summary: 'The same: status never waits for a remote' },
    ],
    exclusive: [['json', 'watch']],
    examples: ['gt status', 'gt status --watch', 'gt status --json'],
    json: true,
    load: () => import('./status.ts'),
  },
];
