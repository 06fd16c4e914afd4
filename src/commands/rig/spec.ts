import type { CommandSpec } from '../../cli/command.ts';

export const rigCommands: readonly CommandSpec[] = [
  { path: 'rig', group: 'Workspace', summary: 'Rigs (projects) of the town' },
  {
    path: 'rig add',
    summary: 'Add a rig (project): clone its repository into the town',
    description: [
      'The repository is a URL (https://…, user@host:path) or the path of one on this machine. The default branch is',
      'asked from the remote. A local repository that has that branch checked out cannot be pushed to: name its',
      "remote's URL, a --push-url, or say --mirror to work on a copy inside the town.",
    ].join('\n'),
    args: [
      { name: 'name', summary: 'Letters, digits and _', required: true },
      { name: 'git-url', summary: 'URL or path of the repository', required: true },
    ],
    flags: [
      { name: 'prefix', kind: 'string', summary: 'Prefix of its bead ids, default from the name' },
      {
        name: 'branch',
        kind: 'string',
        summary: 'Branch that work starts from and lands on, default: what the remote says',
      },
      { name: 'push-url', kind: 'string', summary: 'Push branches here instead (your fork)' },
      { name: 'upstream-url', kind: 'string', summary: 'Remote `upstream` of a fork' },
      { name: 'mirror', summary: 'Work on a bare copy in the town; the repository itself is only read' },
      {
        name: 'filter',
        kind: 'string',
        values: ['blob:none', 'tree:0'],
        summary: 'Clone without old file contents',
      },
      {
        name: 'sparse-checkout',
        kind: 'list',
        summary: 'Check out only these folders (and the files at the top); gates still see everything',
      },
    ],
    examples: ['gt rig add shop https://example.org/shop.git', 'gt rig add tour ~/src/tour --mirror'],
    json: true,
    load: () => import('./add.ts'),
  },
  {
    path: 'rig quick-add',
    summary: 'Make the repository you stand in a rig (project), with a crew workspace for you',
    description: [
      'Works from any repository. The rig works on its origin; without one, on a copy inside the town, and the',
      'repository is only read. Prints GT_CREW_PATH, the folder of your workspace.',
    ].join('\n'),
    args: [{ name: 'path', summary: 'Folder in the repository, default: here' }],
    flags: [
      { name: 'user', kind: 'string', summary: 'Name of the workspace, default: your user name' },
      { name: 'yes', short: 'y', summary: 'Do not ask' },
      { name: 'quiet', short: 'q', summary: 'Only print GT_CREW_PATH' },
      {
        name: 'ask-once',
        kind: 'string',
        summary: 'File of repositories that were asked about: nothing happens for one in it',
      },
    ],
    examples: ['gt rig quick-add --yes', 'gt rig quick-add ~/src/shop'],
    json: true,
    load: () => import('./quick-add.ts'),
  },
  {
    path: 'init',
    group: 'Workspace',
    summary: 'Make the repository you stand in a rig (project) of your town',
    description: [
      'Asks nothing. The rig works on the repository’s origin; without one, on a copy inside the town, and the',
      'repository is only read. gt rig quick-add also makes a workspace for you.',
    ].join('\n'),
    args: [{ name: 'path', summary: 'Folder in the repository, default: here' }],
    flags: [
      {
        name: 'force',
        short: 'f',
        summary: 'For one that is a rig already: write what gt excludes in it anew',
      },
    ],
    examples: ['gt init', 'gt init ~/src/shop'],
    json: true,
    load: () => import('./init.ts'),
  },
  {
    path: 'rig detect',
    summary: 'Print shell lines that name the rig of a repository (what the shell hook asks)',
    args: [{ name: 'path', summary: 'Folder in the repository, default: here' }],
    flags: [
      { name: 'cache', kind: 'string', summary: 'Also write it into this file: repository, town, rig' },
    ],
    startup: 'instant',
    json: true,
    load: () => import('./detect.ts'),
  },
  {
    path: 'rig list',
    summary: 'List the rigs',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'rig remove',
    summary: 'Take a rig out of the town; its files stay',
    description: [
      'Refuses while agents of the rig run or a worktree holds something that is nowhere else. --force stops the',
      'agents and goes on after everything was kept in a rescue ref, which it names.',
    ].join('\n'),
    args: [{ name: 'name', summary: 'The rig', required: true }],
    flags: [
      { name: 'force', short: 'f', summary: 'Stop its agents first and keep unsaved work in rescue refs' },
    ],
    json: true,
    load: () => import('./remove.ts'),
  },
  {
    path: 'rig status',
    summary: 'One rig in full: repository, queue, workers',
    args: [{ name: 'rig', summary: 'The rig, default: the one you stand in' }],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'rig config',
    summary: 'Properties of a rig that operators change from day to day',
    description: [
      'Beside its settings file a rig (project) has properties: whether work is given to it, how many polecats (workers)',
      'it may have, and the like. They are set for this machine, with --global for every machine of the town (as a label',
      "of the rig's bead), or as rig_defaults of the town. What is set nearer counts.",
    ].join('\n'),
  },
  {
    path: 'rig config show',
    summary: 'Print the properties of a rig, their values and where those come from',
    args: [{ name: 'rig', summary: 'The rig, default: the one you stand in' }],
    flags: [{ name: 'layers', summary: 'What every place says, also where it is overruled' }],
    json: true,
    load: () => import('./config-show.ts'),
  },
  {
    path: 'rig config set',
    summary: 'Change a property of a rig',
    args: [
      { name: 'rig', summary: 'The rig', required: true },
      { name: 'key', summary: 'The property', required: true },
      { name: 'value', summary: 'New value' },
    ],
    flags: [
      { name: 'global', summary: "On every machine: as a label of the rig's bead" },
      { name: 'block', summary: 'No value: the default counts here, whatever other places say' },
    ],
    examples: ['gt rig config set shop max_polecats 3', 'gt rig config set shop dnd --block'],
    load: () => import('./config-set.ts'),
  },
  {
    path: 'rig config unset',
    summary: 'Take away the value of a property, or its block',
    args: [
      { name: 'rig', summary: 'The rig', required: true },
      { name: 'key', summary: 'The property', required: true },
    ],
    flags: [{ name: 'global', summary: "The label of the rig's bead instead of this machine's value" }],
    load: () => import('./config-unset.ts'),
  },
  { path: 'rig settings', summary: 'Settings of a rig: gates, merge method, agents' },
  {
    path: 'rig settings show',
    aliases: ['get'],
    summary: 'Print every setting of a rig, its value and where it comes from',
    args: [{ name: 'rig', summary: 'The rig, default: the one you stand in' }],
    flags: [{ name: 'all', short: 'a', summary: 'Also those that have their default' }],
    json: true,
    load: () => import('./settings-show.ts'),
  },
  {
    path: 'rig settings set',
    summary: 'Change a setting of a rig',
    args: [
      { name: 'rig', summary: 'The rig', required: true },
      { name: 'key', summary: 'Dotted name, e.g. merge_queue.test_command', required: true },
      { name: 'value', summary: 'New value', required: true },
    ],
    examples: ["gt rig settings set shop merge_queue.test_command 'npm test'"],
    load: () => import('./settings-set.ts'),
  },
  {
    path: 'rig settings unset',
    summary: 'Take a setting of a rig back to its default',
    args: [
      { name: 'rig', summary: 'The rig', required: true },
      { name: 'key', summary: 'Dotted name', required: true },
    ],
    load: () => import('./settings-unset.ts'),
  },
];
