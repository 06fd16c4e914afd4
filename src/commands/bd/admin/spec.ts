import type { CommandSpec } from '../../../cli/command.ts';

const KEY = { name: 'key', summary: 'Name of the setting', required: true } as const;

export const bdAdminCommands: readonly CommandSpec[] = [
  {
    path: 'help',
    summary: 'Help for a command',
    startup: 'instant',
    args: [{ name: 'command', summary: 'Words of the command', many: true }],
  },
  {
    path: 'init',
    summary: 'Start keeping beads in this folder (no town needed)',
    flags: [
      {
        name: 'prefix',
        short: 'p',
        kind: 'string',
        summary: 'What ids begin with (default: the folder name)',
      },
      { name: 'non-interactive', summary: 'Accepted: nothing is asked', hidden: true },
      { name: 'skip-hooks', summary: 'Accepted: git hooks are never touched', hidden: true },
      { name: 'skip-agents', summary: 'Accepted: bd setup does that when asked', hidden: true },
    ],
    load: () => import('./init.ts'),
  },
  { path: 'config', summary: 'Settings of the database' },
  {
    path: 'config set',
    summary: 'Set one',
    args: [KEY, { name: 'value', summary: 'Its value', required: true }],
    load: async () => (await import('./config.ts')).set,
  },
  {
    path: 'config get',
    summary: 'Print one',
    args: [KEY],
    load: async () => (await import('./config.ts')).get,
  },
  { path: 'config list', summary: 'Print all', load: async () => (await import('./config.ts')).list },
  {
    path: 'config unset',
    summary: 'Remove one',
    args: [KEY],
    load: async () => (await import('./config.ts')).unset,
  },
  {
    path: 'where',
    summary: 'Which folder and database are in use',
    load: async () => (await import('./where.ts')).where,
  },
  {
    path: 'info',
    summary: 'What this database is',
    load: async () => (await import('./where.ts')).info,
  },
  {
    path: 'context',
    summary: 'Which place and database count here, from the files alone',
    load: () => import('./context.ts'),
  },
  {
    path: 'doctor',
    summary: 'Look for damage, and repair it with --fix',
    flags: [
      { name: 'fix', summary: 'Repair what can be repaired' },
      { name: 'dry-run', summary: 'Only say what --fix would do' },
      { name: 'all', summary: 'Every database of the town' },
      { name: 'verbose', short: 'v', summary: 'What is right, too' },
      { name: 'yes', short: 'y', summary: 'Accepted: nothing is asked', hidden: true },
    ],
    load: () => import('./doctor.ts'),
  },
  {
    path: 'sql',
    summary: 'Run a statement that reads',
    args: [{ name: 'statement', summary: 'SELECT ...', required: true, many: true }],
    flags: [{ name: 'csv', summary: 'Print comma-separated values' }],
    examples: ['bd sql "SELECT status, count(*) FROM issues GROUP BY status"'],
    load: () => import('./sql.ts'),
  },
  {
    path: 'version',
    summary: 'Print the version',
    startup: 'instant',
    load: () => import('./version.ts'),
  },
];
