import type { CommandSpec } from '../../cli/command.ts';

export const machineCommands: readonly CommandSpec[] = [
  {
    path: 'shell',
    group: 'Configuration',
    summary: 'The hook that tells gt, when you enter a repository, which rig (project) it is',
  },
  {
    path: 'shell install',
    summary: 'Add the hook to the start file of your shell (bash or zsh)',
    description: 'A marked block at the end of the file; gt shell remove makes the file what it was.',
    startup: 'instant',
    load: () => import('./shell-install.ts'),
  },
  {
    path: 'shell remove',
    summary: 'Take the hook out again',
    startup: 'instant',
    load: () => import('./shell-remove.ts'),
  },
  {
    path: 'shell status',
    summary: 'Is the hook installed and on?',
    startup: 'instant',
    json: true,
    load: () => import('./shell-status.ts'),
  },
  {
    path: 'enable',
    group: 'Configuration',
    summary: 'Turn the shell hook on again',
    startup: 'instant',
    load: () => import('./enable.ts'),
  },
  {
    path: 'disable',
    group: 'Configuration',
    summary: 'Turn the shell hook off; towns are not touched',
    startup: 'instant',
    flags: [{ name: 'clean', summary: 'Also take it out of the start file of the shell' }],
    load: () => import('./disable.ts'),
  },
  {
    path: 'uninstall',
    group: 'Configuration',
    summary: 'Take gt out of this machine: every file of yours that it touched is what it was',
    description: [
      'Shell block and hook, wrappers, the supervisor’s unit, entries for trusted folders. Towns stay where they are;',
      'with --workspace the named one is moved aside (it holds beads that are nowhere else) and you are told its new',
      'name. Refuses while a town is up.',
    ].join('\n'),
    startup: 'instant',
    args: [{ name: 'town', summary: 'Folder of the town, for --workspace' }],
    flags: [
      { name: 'workspace', summary: 'Also move the named town aside' },
      { name: 'force', short: 'f', summary: 'Do not ask' },
    ],
    examples: ['gt uninstall', 'gt down && gt uninstall ~/gt --workspace'],
    json: true,
    load: () => import('./uninstall.ts'),
  },
];
