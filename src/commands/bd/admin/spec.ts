import type { CommandSpec } from '../../../cli/command.ts';

const KEY = { name: 'key', summary: 'Name of the setting', required: true } as const;

export const bdAdminCommands: readonly CommandSpec[] = [
  {
    path: 'help',
    group: 'Diagnostics',
    summary: 'Help for a command',
    startup: 'instant',
    args: [{ name: 'command', summary: 'Words of the command', many: true }],
  },
  {
    path: 'init',
    group: 'Workspace',
    summary: 'Start keeping beads in this folder (no town needed)',
    flags: [
      {
        name: 'prefix',
        short: 'p',
        kind: 'string',
        summary: 'What ids begin with (default: the folder name)',
      },
    ],
    json: true,
    load: () => import('./init.ts'),
  },
  { path: 'config', group: 'Configuration', summary: 'Settings of the database' },
  {
    path: 'config set',
    summary: 'Set one',
    args: [KEY, { name: 'value', summary: 'Its value', required: true }],
    json: true,
    load: () => import('./config-set.ts'),
  },
  {
    path: 'config get',
    summary: 'Print one',
    args: [KEY],
    json: true,
    load: () => import('./config-get.ts'),
  },
  { path: 'config list', summary: 'Print all', json: true, load: () => import('./config-list.ts') },
  {
    path: 'config unset',
    summary: 'Remove one',
    args: [KEY],
    json: true,
    load: () => import('./config-unset.ts'),
  },
  {
    path: 'where',
    group: 'Diagnostics',
    summary: 'Which folder and database are in use',
    json: true,
    load: () => import('./where.ts'),
  },
  {
    path: 'info',
    group: 'Diagnostics',
    summary: 'What this database is',
    json: true,
    load: () => import('./info.ts'),
  },
  {
    path: 'context',
    group: 'Diagnostics',
    summary: 'Which place and database count here, from the files alone',
    json: true,
    load: () => import('./context.ts'),
  },
  {
    path: 'doctor',
    group: 'Diagnostics',
    summary: 'Look for damage, and repair it with --fix',
    flags: [
      { name: 'fix', summary: 'Repair what can be repaired' },
      { name: 'dry-run', summary: 'Only say what --fix would do' },
      { name: 'all', summary: 'Every database of the town' },
      { name: 'verbose', short: 'v', summary: 'What is right, too' },
      { name: 'yes', short: 'y', summary: 'Accepted: nothing is asked', hidden: true },
    ],
    json: true,
    load: () => import('./doctor.ts'),
  },
  {
    path: 'sql',
    group: 'Diagnostics',
    summary: 'Run a statement that reads',
    args: [{ name: 'statement', summary: 'SELECT ...', required: true, many: true }],
    flags: [{ name: 'csv', summary: 'Print comma-separated values' }],
    json: true,
    examples: ['bd sql "SELECT status, count(*) FROM issues GROUP BY status"'],
    load: () => import('./sql.ts'),
  },
  {
    path: 'version',
    group: 'Diagnostics',
    summary: 'Print the version',
    startup: 'instant',
    json: true,
    load: () => import('./version.ts'),
  },
];
