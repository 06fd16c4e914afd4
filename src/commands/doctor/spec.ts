import type { CommandSpec } from '../../cli/command.ts';

export const doctorCommands: readonly CommandSpec[] = [
  {
    path: 'doctor',
    group: 'Diagnostics',
    summary: 'Look whether town, ledger and rigs (projects) are well; --fix repairs',
    description: [
      'Says nothing about what is well. Each repair is announced, made and looked at again. None removes work: what',
      'could is printed as a command for you to run. Exit 1 while an error stays; warnings alone exit 0.',
    ].join('\n'),
    flags: [
      { name: 'fix', summary: 'Repair what can be repaired' },
      { name: 'no-start', summary: 'Do not look for the daemon, nor start it' },
      { name: 'rig', kind: 'string', summary: 'Of the rigs look at this one only' },
      { name: 'verbose', short: 'v', summary: 'Also what is well, and everything that was found' },
      {
        name: 'slow',
        kind: 'duration',
        bare: '1s',
        summary: 'Name checks that took longer than this (write --slow=2s)',
      },
    ],
    json: true,
    examples: ['gt doctor', 'gt doctor --fix'],
    load: () => import('./doctor.ts'),
  },
];
