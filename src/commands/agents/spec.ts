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
  {
    path: 'agents check',
    summary: 'Agents that cannot be told apart, sessions of nobody, locks of ended processes',
    json: true,
    load: () => import('./check.ts'),
  },
  {
    path: 'agents fix',
    summary: 'Clear away what ended processes left',
    json: true,
    load: () => import('./fix.ts'),
  },
  {
    path: 'agents state',
    summary: 'State that an agent keeps on its bead, as key and value',
    description: 'Without a flag it is shown. Labels of gt itself are no state.',
    args: [{ name: 'agent-bead', summary: 'Id of its bead, or its address', required: true }],
    flags: [
      { name: 'set', kind: 'array', summary: 'key=value' },
      { name: 'incr', kind: 'array', summary: 'A key whose number grows by one' },
      { name: 'del', kind: 'array', summary: 'A key to remove' },
    ],
    examples: ['gt agents state hq-mayor', 'gt agents state shop/witness --set idle=0 --incr rounds'],
    json: true,
    load: () => import('./state.ts'),
  },
];
