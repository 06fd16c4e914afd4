import type { CommandSpec } from '../../cli/command.ts';

const LOG_TYPES = ['spawn', 'wake', 'nudge', 'handoff', 'done', 'crash', 'kill'] as const;

export const feedCommands: readonly CommandSpec[] = [
  {
    path: 'feed',
    group: 'Diagnostics',
    summary: 'What happens in the town, line by line',
    description: 'On a terminal it goes on until Ctrl-C; elsewhere it prints what there is and ends.',
    flags: [
      { name: 'plain', summary: 'Lines of text (the only form yet)' },
      { name: 'follow', short: 'f', summary: 'Go on printing; the default on a terminal' },
      { name: 'no-follow', summary: 'Print what there is and end' },
      { name: 'limit', short: 'n', kind: 'int', min: 1, default: 100, summary: 'How many of the newest' },
      { name: 'since', kind: 'duration', summary: 'Only the last 1h, 30m …' },
      { name: 'type', kind: 'list', summary: 'Only these event types' },
      { name: 'rig', kind: 'string', summary: 'Only this rig' },
      { name: 'mol', kind: 'string', summary: 'Only events that name this' },
      {
        name: 'window',
        short: 'w',
        summary: 'In a window of its own beside the agent, in tmux (key: prefix a)',
      },
      { name: 'session', kind: 'string', summary: 'The session that gets the window', hidden: true },
    ],
    exclusive: [
      ['follow', 'no-follow'],
      ['json', 'window'],
      ['json', 'follow'],
    ],
    json: true,
    load: () => import('./feed.ts'),
  },
  {
    path: 'log',
    group: 'Diagnostics',
    summary: 'The life of the agents: started, done, died',
    flags: [
      { name: 'tail', short: 'n', kind: 'int', min: 1, default: 20, summary: 'How many of the newest' },
      { name: 'type', short: 't', kind: 'string', values: LOG_TYPES, summary: 'Only this kind' },
      { name: 'agent', short: 'a', kind: 'string', summary: 'Only agents whose address holds this' },
      { name: 'since', kind: 'duration', summary: 'Only the last 1h, 30m …' },
      { name: 'follow', short: 'f', summary: 'Go on printing' },
    ],
    exclusive: [['json', 'follow']],
    json: true,
    load: () => import('./log.ts'),
  },
  {
    path: 'trail',
    aliases: ['recent', 'recap'],
    group: 'Work Management',
    summary: 'What agents did lately, or everything that happened to one bead or agent',
    description: [
      'Without a subject: the commits of agents on the target branches. `beads`: beads changed lately. `hooks`: who',
      'got which bead. Anything else is a bead or an agent: the chain of events about it, oldest first.',
    ].join('\n'),
    args: [{ name: 'subject', summary: 'commits, beads, hooks, a bead or an agent' }],
    flags: [
      { name: 'since', kind: 'duration', summary: 'Only the last 1h, 7d …' },
      { name: 'limit', kind: 'int', min: 1, default: 20, summary: 'How many' },
      { name: 'all', short: 'a', summary: 'Commits of people too' },
    ],
    examples: ['gt trail', 'gt trail hooks', 'gt trail gt-abc12', 'gt trail shop/furiosa'],
    json: true,
    load: () => import('./trail.ts'),
  },
];
