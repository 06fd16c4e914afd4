import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const AGENT: ArgSpec = {
  name: 'agent',
  summary: 'Address (<rig>/polecats/<name>, mayor), session name, or a worker’s name',
  required: true,
};

const FORCE: FlagSpec = { name: 'force', short: 'f', summary: 'Kill it at once instead of letting it end' };
const COUNT: ArgSpec = { name: 'count', summary: 'Number of lines' };
const LINES: FlagSpec = {
  name: 'lines',
  short: 'n',
  kind: 'int',
  min: 1,
  default: 100,
  summary: 'Number of lines',
};

/** Sessions of agents: starting, stopping and looking at them. */
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
    path: 'session start',
    summary: 'Start the session of an agent; a polecat (worker) goes on with the work it holds',
    args: [AGENT],
    flags: [
      { name: 'issue', kind: 'string', summary: 'A bead to work on: as gt sling <bead> <agent>' },
      { name: 'agent', kind: 'string', summary: 'Runtime to start it with (not for polecats)' },
    ],
    json: true,
    load: () => import('./start.ts'),
  },
  {
    path: 'session stop',
    summary: 'Stop the session of an agent; it keeps its work and stays down',
    description: [
      'Nothing starts it again before gt session start, or new work by gt sling. The worktree stays as it is. To take',
      'its work away: gt unsling <bead>.',
    ].join('\n'),
    args: [AGENT],
    flags: [FORCE],
    json: true,
    load: () => import('./stop.ts'),
  },
  {
    path: 'session restart',
    summary: 'Replace the session of an agent by a new one, with the same work',
    args: [AGENT],
    flags: [FORCE],
    json: true,
    load: () => import('./restart.ts'),
  },
  {
    path: 'session status',
    summary: 'One session: state, uptime, process, what it works on',
    args: [AGENT],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'session capture',
    summary: "Print the end of an agent's screen, as gt peek",
    args: [AGENT, COUNT],
    flags: [LINES],
    json: true,
    load: () => import('./capture.ts'),
  },
  {
    path: 'session inject',
    summary: 'Type a text into an idle agent, as it is (better: gt nudge)',
    args: [AGENT],
    flags: [
      { name: 'message', short: 'm', kind: 'string', summary: 'The text' },
      { name: 'file', short: 'f', kind: 'string', summary: 'A file with the text' },
    ],
    exclusive: [['message', 'file']],
    json: true,
    load: () => import('./inject.ts'),
  },
  {
    path: 'session check',
    summary: 'Whether polecats (workers) with work have a session that lives, rig by rig',
    args: [{ name: 'rig', summary: 'Only this rig (project)' }],
    json: true,
    load: () => import('./check.ts'),
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
    args: [AGENT, COUNT],
    flags: [
      LINES,
      { name: 'follow', short: 'f', summary: 'Go on printing when it changes; ^C ends' },
      { name: 'replay', summary: 'Play the recording of its session' },
    ],
    exclusive: [
      ['follow', 'replay'],
      ['json', 'follow'],
      ['json', 'replay'],
    ],
    json: true,
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
