import type { CommandSpec } from '../../cli/command.ts';

export const metaCommands: readonly CommandSpec[] = [
  {
    path: 'help',
    group: 'Diagnostics',
    summary: 'Help for a command, or for the words gt uses (gt help words)',
    startup: 'instant',
    args: [{ name: 'command', summary: 'Words of the command', many: true }],
    examples: ['gt help sling', 'gt help words'],
  },
  {
    path: 'version',
    group: 'Diagnostics',
    summary: 'Print the version',
    startup: 'instant',
    flags: [
      { name: 'short', summary: 'Only the number' },
      {
        name: 'verbose',
        short: 'v',
        summary: 'Also commit, program, Node, store, and the tools and agent programs found',
      },
    ],
    json: true,
    load: () => import('./version.ts'),
  },
  {
    path: 'whoami',
    group: 'Diagnostics',
    summary: 'Print the address you act as',
    description:
      'Prints the address that your commands are recorded under: an agent reads it from GT_ROLE, a person is the overseer.',
    json: true,
    load: () => import('./whoami.ts'),
  },
  {
    path: 'stale',
    group: 'Diagnostics',
    summary: 'Is this gt older than the sources beside it (exit 0 yes, 1 no, 2 cannot tell)',
    flags: [{ name: 'quiet', short: 'q', summary: 'Only the exit code' }],
    json: true,
    load: () => import('./stale.ts'),
  },
];
