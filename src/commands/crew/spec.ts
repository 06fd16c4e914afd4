import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const RIG: FlagSpec = {
  name: 'rig',
  kind: 'string',
  summary: 'The rig (project); default: the one around you',
};
const ACCOUNT: FlagSpec = { name: 'account', kind: 'string', summary: 'Registered account of the agent' };
const AGENT: FlagSpec = {
  name: 'agent',
  kind: 'string',
  summary: 'Runtime: claude, codex … (default: settings)',
};
const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };
const NAME: ArgSpec = {
  name: 'name',
  summary: '<name> or <rig>/<name>; default: your own, else the only one',
};
const NAMES: ArgSpec = { name: 'names', summary: '<name> or <rig>/<name>', many: true };

/** People's own workspaces in the rigs. */
export const crewCommands: readonly CommandSpec[] = [
  { path: 'crew', group: 'Workspace', summary: 'Crew: people’s own long-lived clones in the rigs' },
  {
    path: 'crew add',
    summary: 'Make crew workspaces: clones of the rig for people and their agents',
    description: [
      'The clone has the rig’s remotes and is on its default branch. It is made from what the rig has fetched, so that',
      'it takes moments and no second copy of the history.',
    ].join('\n'),
    args: [{ ...NAMES, required: true }],
    flags: [{ name: 'branch', summary: 'On a branch of its own, crew/<name>' }, RIG],
    examples: ['gt crew add ann --rig shop', 'gt crew add ann joe --branch'],
    load: () => import('./add.ts'),
  },
  {
    path: 'crew list',
    summary: 'List crew workspaces with branch, changes and session',
    args: [{ name: 'rig', summary: 'The rig; default: the one around you, else all' }],
    flags: [{ name: 'all', short: 'a', summary: 'Of all rigs' }, RIG],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'crew status',
    summary: 'Crew workspaces in detail: changes, mail, session',
    args: [{ ...NAME, summary: '<name> or <rig>/<name>; default: all of the rig' }],
    flags: [RIG],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'crew start',
    aliases: ['spawn'],
    summary: 'Start the agents of crew workspaces; missing workspaces are made',
    description: [
      'The first word may be a rig; a rig alone means all of its crew. What runs already is left alone. With --resume the',
      'runtime and account are those of the last session.',
    ].join('\n'),
    args: [{ ...NAMES, summary: '[rig] and names' }],
    flags: [
      { name: 'all', short: 'a', summary: 'All crew of the rig, or of all rigs' },
      {
        name: 'resume',
        kind: 'string',
        bare: 'last',
        summary: 'Go on with the last conversation, or with the one of this id',
      },
      ACCOUNT,
      AGENT,
      RIG,
    ],
    examples: ['gt crew start shop', 'gt crew start shop ann joe', 'gt crew start ann --resume'],
    load: () => import('./start.ts'),
  },
  {
    path: 'crew at',
    aliases: ['attach'],
    summary: 'Open the terminal of a crew workspace’s agent, starting it if needed',
    args: [NAME],
    flags: [
      { name: 'detached', short: 'd', summary: 'Start it, but stay here' },
      { name: 'no-tmux', summary: 'Only print the folder' },
      { name: 'reset', summary: 'End a session that runs, and start anew' },
      { name: 'debug', summary: 'Say on stderr what is done' },
      ACCOUNT,
      AGENT,
      RIG,
    ],
    examples: ['gt crew at ann', 'cd "$(gt crew at ann --no-tmux)"'],
    load: () => import('./at.ts'),
  },
  {
    path: 'crew stop',
    summary: 'End the agents of crew workspaces; the clones stay',
    args: [NAMES],
    flags: [
      { name: 'all', short: 'a', summary: 'All crew of the rig, or of all rigs' },
      DRY_RUN,
      { name: 'force', short: 'f', summary: 'Kill at once instead of letting it end' },
      RIG,
    ],
    load: () => import('./stop.ts'),
  },
  {
    path: 'crew restart',
    aliases: ['rs'],
    summary: 'End the agents of crew workspaces and start them anew',
    description: 'Each with the runtime and account that it had, unless --agent says otherwise.',
    args: [NAMES],
    flags: [{ name: 'all', short: 'a', summary: 'All crew that runs now' }, DRY_RUN, AGENT, RIG],
    load: () => import('./restart.ts'),
  },
  {
    path: 'crew refresh',
    summary: 'Let a crew workspace’s agent begin afresh, with a note of where it stood',
    description:
      'What gt knows (bead, branch, commits, changed files) and your own words wait for the next session.',
    args: [{ name: 'name', summary: '<name> or <rig>/<name>', required: true }],
    flags: [
      { name: 'message', short: 'm', kind: 'string', summary: 'Your own words for the next session' },
      RIG,
    ],
    load: () => import('./refresh.ts'),
  },
  {
    path: 'crew rename',
    summary: 'Give a crew workspace another name',
    description: 'Folder, work and mail come along. Its session must be stopped first.',
    args: [
      { name: 'old-name', summary: '<name> or <rig>/<name>', required: true },
      { name: 'new-name', summary: 'The new name', required: true },
    ],
    flags: [RIG],
    load: () => import('./rename.ts'),
  },
  {
    path: 'crew remove',
    summary: 'Remove crew workspaces; what only they hold is kept',
    description: [
      'Refuses while one has a session or work, changes in no commit, a stash, or commits on no remote. With --force it is',
      'stopped and all that goes into rescue refs first; the command that reads it back is printed. Files that git',
      'ignores (.env, build output) go with the folder.',
    ].join('\n'),
    args: [{ ...NAMES, required: true }],
    flags: [
      { name: 'force', short: 'f', summary: 'Also when it has work; nothing is lost' },
      { name: 'purge', summary: 'Also forget it: its row, mail and assigned work' },
      DRY_RUN,
      RIG,
    ],
    json: true,
    load: () => import('./remove.ts'),
  },
  {
    path: 'crew pristine',
    summary: 'Bring crew workspaces up to date with their remote, where nothing is in the way',
    description: 'Only moves the branch forward. A clone with changes or commits of its own stays as it is.',
    args: [{ ...NAME, summary: '<name> or <rig>/<name>; default: all of the rig' }],
    flags: [RIG],
    json: true,
    load: () => import('./pristine.ts'),
  },
];
