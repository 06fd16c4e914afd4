import type { CommandSpec } from '../../cli/command.ts';

export const installCommands: readonly CommandSpec[] = [
  {
    path: 'install',
    group: 'Workspace',
    summary: 'Make a town: the folder that holds your projects and their agents',
    description: [
      'Makes a town in the folder (default ~/gt). Nothing is written before everything was checked; an interrupted',
      'install is finished by running it again. The ledger is SQLite inside the town unless you choose a Dolt server.',
    ].join('\n'),
    startup: 'instant',
    args: [{ name: 'path', summary: 'Folder of the town, default ~/gt' }],
    flags: [
      {
        name: 'store',
        kind: 'string',
        values: ['sqlite', 'dolt'],
        default: 'sqlite',
        summary: 'Where the ledger lives',
      },
      {
        name: 'dolt-port',
        kind: 'int',
        summary: 'Port of the Dolt server (default GT_DOLT_PORT, else 3307)',
      },
      { name: 'name', short: 'n', kind: 'string', summary: "Name of the town, default the folder's name" },
      { name: 'owner', kind: 'string', summary: 'Email of its owner, default from git' },
      { name: 'public-name', kind: 'string', summary: 'Name that other towns see' },
      { name: 'force', short: 'f', summary: 'Repair an existing town, or make one inside another' },
    ],
    examples: ['gt install', 'gt install ~/town --store dolt'],
    json: true,
    load: () => import('./install.ts'),
  },
];
