import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const AGENT: ArgSpec = {
  name: 'agent',
  summary: 'Address (<rig>/polecats/<name>, mayor), session name, or a worker’s name',
  required: true,
};

/** Looking at agents' sessions. */
export const sessionCommands: readonly CommandSpec[] = [
  {
    path: 'session',
    aliases: ['sess'],
    group: 'Agent Management',
    summary: 'Running agents and their terminals',
  },
  {
    path: 'session list',
    summary: 'List the sessions',
    flags: [
      { name: 'rig', kind: 'string', summary: 'Only of this rig (project)' },
      { name: 'all', short: 'a', summary: 'Also those that have ended' },
    ],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'session at',
    aliases: ['attach'],
    summary: "Open an agent's terminal; leaving it does not stop the agent",
    args: [AGENT],
    load: () => import('./attach.ts'),
  },
  {
    path: 'attach',
    group: 'Agent Management',
    summary: "Open an agent's terminal; leaving it does not stop the agent",
    description: [
      'In tmux leave with the detach key (usually ^b d). Without tmux the terminal is passed through as it is, and',
      '^] leaves. What you type goes to the agent; while a line of yours is unfinished, gt types nothing into it.',
    ].join('\n'),
    args: [AGENT],
    examples: ['gt attach shop/polecats/toast', 'gt attach mayor'],
    load: () => import('./attach.ts'),
  },
  {
    path: 'peek',
    group: 'Communication',
    summary: "Print the end of an agent's screen",
    description: 'Of an agent that has ended it shows the last screen.',
    args: [AGENT, { name: 'count', summary: 'Number of lines' }],
    flags: [
      { name: 'lines', short: 'n', kind: 'int', min: 1, default: 100, summary: 'Number of lines' },
      { name: 'follow', short: 'f', summary: 'Go on printing when it changes; ^C ends' },
      { name: 'replay', summary: 'Play the recording of its session' },
    ],
    exclusive: [['follow', 'replay']],
    examples: ['gt peek shop/polecats/toast', 'gt peek toast 20'],
    load: () => import('./peek.ts'),
  },
  {
    path: 'pane-host',
    summary: 'Run one agent in this terminal (started by gt itself)',
    hidden: true,
    startup: 'instant',
    passThrough: true,
    load: () => import('./pane-host.ts'),
  },
];
