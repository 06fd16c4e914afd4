import type { CommandSpec } from '../../cli/command.ts';

export const installCommands: readonly CommandSpec[] = [
  {
    path: 'install',
    group: 'Workspace',
    summary: 'Make a town: the folder that holds your projects and their agents',
    description: [
      'Makes a town in the folder (default ~/gt). Nothing is written before everything was checked; an interrupted',
      'install is finished by running it again. The ledger is SQLite inside the town unless you choose a Dolt server.',
      'On a town that is there, only what was asked for beside it is done. gt uninstall undoes all of that.',
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
      {
        name: 'permissions',
        kind: 'string',
        values: ['skip', 'ask'],
        default: 'skip',
        summary: 'Agents act without asking (they can do what you can do), or ask in their terminals',
      },
      { name: 'no-beads', summary: 'No ledger yet; installing again makes it' },
      { name: 'git', summary: 'Put the settings of the town under version control' },
      { name: 'github', kind: 'string', summary: 'Also push them to a new repository <owner>/<name>' },
      { name: 'public', summary: 'Make that repository public' },
      { name: 'shell', summary: 'Add the shell hook to your start file (gt shell)' },
      {
        name: 'wrappers',
        summary: 'Write ~/bin/gt-codex, gt-gemini and gt-opencode; without a folder nothing else',
      },
      { name: 'supervisor', summary: 'Let systemd or launchd start the daemon at login' },
      { name: 'force', short: 'f', summary: 'Repair an existing town, or make one inside another' },
    ],
    examples: ['gt install', 'gt install ~/town --store dolt'],
    json: true,
    load: () => import('./install.ts'),
  },
  {
    path: 'git-init',
    group: 'Workspace',
    summary: 'Put the settings of the town under version control',
    description:
      'A repository in the root of the town, with clones, data and secrets ignored, and a hook that keeps it on its branch.',
    flags: [
      { name: 'github', kind: 'string', summary: 'Also push to a new repository <owner>/<name> (needs gh)' },
      { name: 'public', summary: 'Make that repository public' },
    ],
    load: () => import('./git-init.ts'),
  },
];
