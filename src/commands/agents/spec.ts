import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const ALL: FlagSpec = { name: 'all', short: 'a', summary: 'Polecats (workers) too' };
const CLIENT: FlagSpec = {
  name: 'client',
  kind: 'string',
  summary: 'Terminal of the tmux client to show it in',
};

/** Finding an agent to go to. */
export const agentsCommands: readonly CommandSpec[] = [
  {
    path: 'agents',
    aliases: ['ag'],
    group: 'Agent Management',
    summary: 'The agents that run: a menu in tmux, else a list',
    flags: [ALL],
    load: () => import('./agents.ts'),
  },
  {
    path: 'agents list',
    summary: 'List them; those that need you first',
    flags: [ALL],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'agents menu',
    summary: 'Choose one in a menu of tmux and go there (key: prefix g)',
    flags: [
      ALL,
      CLIENT,
      { name: 'from', kind: 'int', min: 0, default: 0, summary: 'Leave out so many', hidden: true },
    ],
    load: () => import('./menu.ts'),
  },
];
