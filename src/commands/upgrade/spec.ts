import type { CommandSpec } from '../../cli/command.ts';

export const upgradeCommands: readonly CommandSpec[] = [
  {
    path: 'upgrade',
    group: 'Diagnostics',
    summary: 'Bring a town up to date after gt was updated; adopt one that another gt made',
    description: [
      'Without flags: the schema of the ledger, hooks of agents, formulas (copies that you edited stay), defaults of the',
      'daemon and missing sections of CLAUDE.md. The daemon is started again if it ran; agents go on working.',
      '',
      '--adopt takes over a town of the Go gt with its beads, rigs, workspaces, mail, convoys and settings. It says',
      'what is kept, changed and ignored, makes a backup first, compares every row, and leaves the town as it was',
      'when anything fails. Until --confirm, --revert makes it what it was before.',
    ].join('\n'),
    flags: [
      { name: 'adopt', summary: 'Adopt a town that the Go gt made' },
      { name: 'confirm', summary: 'Keep an adopted town: it can no longer be taken back' },
      { name: 'revert', summary: 'Make an adopted town what it was; newer data is set aside' },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be done' },
      { name: 'verbose', short: 'V', summary: 'Also say what is up to date' },
      { name: 'no-start', summary: 'Do not start the town again' },
    ],
    exclusive: [
      ['adopt', 'confirm'],
      ['adopt', 'revert'],
      ['confirm', 'revert'],
    ],
    examples: ['gt upgrade --dry-run', 'gt upgrade --adopt --dry-run', 'gt upgrade --adopt && gt up'],
    json: true,
    load: () => import('./upgrade.ts'),
  },
];
