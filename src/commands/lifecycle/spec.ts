import type { CommandSpec } from '../../cli/command.ts';

export const lifecycleCommands: readonly CommandSpec[] = [
  {
    path: 'up',
    group: 'Services',
    summary: 'Start the town: ledger, daemon, merge queues, and the agents of work in hand',
    description: [
      'With --restore every agent that was at work when the machine, tmux or the town went down comes back at once, each on',
      'its hook in its place and, where its program can, in its conversation; so do the crew that crew.startup names.',
    ].join('\n'),
    flags: [
      { name: 'quiet', short: 'q', summary: 'Print only what failed' },
      { name: 'restore', summary: 'Also bring back every agent that was at work' },
    ],
    json: true,
    load: () => import('./up.ts'),
  },
  {
    path: 'down',
    group: 'Services',
    summary: 'Stop everything of the town; work stays where it is',
    description: [
      'Writes first that the town is wanted down, so that nothing starts again, then ends agents, daemon and ledger',
      'server. Exit 1 with the process ids if anything still lives. gt up brings it back.',
    ].join('\n'),
    flags: [
      { name: 'quiet', short: 'q', summary: 'Print only what failed' },
      { name: 'dry-run', summary: 'Only say what would be stopped' },
      { name: 'force', short: 'f', summary: 'Kill agents at once instead of letting them end' },
      { name: 'all', short: 'a', summary: 'The same: down stops all of the town' },
      { name: 'polecats', short: 'p', summary: 'The same: polecats (workers) are stopped too' },
    ],
    json: true,
    load: () => import('./down.ts'),
  },
  {
    path: 'start',
    group: 'Services',
    summary: 'Start the town and the mayor (coordinator), or one crew workspace',
    description:
      'Like gt up, and the mayor waits in its terminal: gt attach mayor. With <rig>/crew/<name> that one.',
    args: [{ name: 'path', summary: '<rig>/crew/<name>, or the folder of a crew workspace' }],
    flags: [
      { name: 'agent', kind: 'string', summary: 'Runtime of the mayor, or of the crew' },
      { name: 'all', short: 'a', summary: 'Also the crew that the rigs name in crew.startup' },
      {
        name: 'cost-tier',
        kind: 'string',
        summary: 'What this start and its daemon start runs by that tier (see gt config cost-tier)',
      },
    ],
    examples: ['gt start', 'gt start --all', 'gt start shop/crew/ann'],
    load: () => import('./start.ts'),
  },
  {
    path: 'start crew',
    summary: 'Start the agent of a crew workspace, which is made when it is missing',
    args: [{ name: 'name', summary: '<name> or <rig>/<name>', required: true }],
    flags: [
      { name: 'account', kind: 'string', summary: 'Registered account of the agent' },
      { name: 'agent', kind: 'string', summary: 'Runtime: claude, codex … (default: settings)' },
      { name: 'rig', kind: 'string', summary: 'The rig (project); default: the one around you' },
    ],
    load: () => import('./start-crew.ts'),
  },
  {
    path: 'shutdown',
    group: 'Services',
    summary: 'Take the town down and tidy up: worktrees of polecats (workers) without work go',
    description: [
      'gt down, but crew goes on unless --all is given, and worktrees that hold nothing are removed. A worktree with',
      'work in it stays; with --nuclear that work goes into rescue refs first. Beads in hand stay in hand.',
    ].join('\n'),
    flags: [
      { name: 'all', short: 'a', summary: 'Also stop crew' },
      { name: 'polecats-only', summary: 'Only stop polecats (workers); the town stays up' },
      { name: 'graceful', short: 'g', summary: 'Let agents take up to --wait seconds to end' },
      { name: 'wait', short: 'w', kind: 'int', min: 0, default: 30, summary: 'Seconds for --graceful' },
      { name: 'nuclear', summary: 'Also remove worktrees with work in them, kept in rescue refs' },
      { name: 'force', short: 'f', summary: 'Kill agents at once; does not ask' },
      { name: 'yes', short: 'y', summary: 'Do not ask' },
      { name: 'cleanup-orphans', summary: 'Also end processes of the town that are still alive afterwards' },
      {
        name: 'cleanup-orphans-grace-secs',
        kind: 'int',
        min: 0,
        default: 60,
        summary: 'Seconds that those get before they are killed',
      },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be done' },
    ],
    exclusive: [
      ['all', 'polecats-only'],
      ['graceful', 'force'],
    ],
    json: true,
    load: () => import('./shutdown.ts'),
  },
];
