import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const SESSION: FlagSpec = {
  name: 'session',
  kind: 'string',
  summary: 'The session that is shown now (default: the one this runs in)',
};
const CLIENT: FlagSpec = { name: 'client', kind: 'string', summary: 'Terminal of the tmux client to switch' };

const cycle = (path: string, summary: string, step: 1 | -1): CommandSpec => ({
  path,
  summary,
  flags: [SESSION, CLIENT],
  load: async () => (await import('./cycle.ts')).cycle(step),
});
const town = (path: string, summary: string, step: 1 | -1): CommandSpec => ({
  path,
  summary,
  flags: [SESSION, CLIENT],
  load: async () => (await import('./cycle.ts')).cycle(step, { role: 'mayor' }),
});

/** What the town's tmux runs: bars and keys. */
export const tmuxCommands: readonly CommandSpec[] = [
  {
    path: 'status-line',
    summary: 'Right part of the status bar of a session, for tmux',
    hidden: true,
    startup: 'instant',
    flags: [SESSION],
    load: () => import('./status-line.ts'),
  },
  { path: 'cycle', summary: 'Go through the agents of a group in tmux (keys: prefix n, prefix p)' },
  cycle('cycle next', 'The next one: of the town, of the crew, or of the workers of a rig (project)', 1),
  cycle('cycle prev', 'The one before', -1),
  { ...cycle('crew next', 'The next one of the crew, for old key bindings', 1), hidden: true },
  { ...cycle('crew prev', 'The one before', -1), hidden: true },
  { path: 'town', summary: "Go through the town's own agents in tmux" },
  town('town next', 'From the mayor (coordinator) to the deacon and on', 1),
  town('town prev', 'The other way round', -1),
  {
    path: 'rig menu',
    summary: 'The rigs (projects) in a menu of tmux (key: prefix r)',
    hidden: true,
    flags: [
      CLIENT,
      { name: 'from', kind: 'int', min: 0, default: 0, summary: 'Leave out so many', hidden: true },
    ],
    load: () => import('./rig-menu.ts'),
  },
  {
    path: 'theme',
    group: 'Configuration',
    summary: 'Colours of the status bars of a rig (project) in tmux',
    description: [
      'Without a name it says which ones the workers of this rig have, and why. `none` leaves the colours of tmux.',
      'A rig without a choice gets colours that follow from its name. Colours per role or crew member, your own, and',
      'a tint of the window are settings: gt rig settings show <rig>, key theme.',
    ].join('\n'),
    args: [{ name: 'name', summary: 'A theme of --list, or none' }],
    flags: [{ name: 'list', short: 'l', summary: 'List the themes' }],
    examples: ['gt theme', 'gt theme forest', 'gt theme --list'],
    json: true,
    load: () => import('./theme.ts'),
  },
  {
    path: 'theme apply',
    summary: 'Give the sessions that run the colours that are set now',
    flags: [{ name: 'all', short: 'a', summary: 'Of all rigs and the town' }],
    json: true,
    load: () => import('./theme-apply.ts'),
  },
  {
    path: 'theme cli',
    summary: 'Colours of command output',
    args: [{ name: 'mode', summary: 'auto, dark or light' }],
    json: true,
    load: () => import('./theme-cli.ts'),
  },
];
