import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const HANDLE: ArgSpec = { name: 'handle', summary: 'Name of the account', required: true };

/** Logins that agents of Claude Code run under. */
export const accountCommands: readonly CommandSpec[] = [
  {
    path: 'account',
    group: 'Configuration',
    summary: 'Logins that agents can run under, each with a folder of its own',
    description:
      'Which one an agent gets: GT_ACCOUNT in the environment, then --account of the command, then the default, then the program’s own login.',
  },
  { path: 'account list', summary: 'The accounts', json: true, load: () => import('./list.ts') },
  {
    path: 'account add',
    summary: 'Note a new account and make its folder; the first is the default',
    args: [HANDLE],
    flags: [
      { name: 'email', kind: 'string', summary: 'Whose it is' },
      { name: 'desc', kind: 'string', summary: 'What it is for' },
    ],
    load: () => import('./add.ts'),
  },
  {
    path: 'account default',
    summary: 'Choose the account of agents that are started without another',
    args: [HANDLE],
    load: () => import('./default.ts'),
  },
  {
    path: 'account status',
    summary: 'Which account is in force, and why',
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'account switch',
    summary: 'Use it for your own sessions too: ~/.claude leads to its folder',
    args: [HANDLE],
    load: () => import('./switch.ts'),
  },
];
