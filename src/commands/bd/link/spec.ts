import type { CommandSpec } from '../../../cli/command.ts';

const BEAD = { name: 'bead', summary: 'Id, or a unique piece of it', required: true } as const;

export const bdLinkCommands: readonly CommandSpec[] = [
  { path: 'dep', group: 'Work Management', summary: 'Dependencies between beads' },
  {
    path: 'dep add',
    summary: 'Let one bead depend on another',
    description: 'bd dep add A B: A depends on B, so A is not ready before B is closed.',
    args: [BEAD, { name: 'depends-on', summary: 'The bead it shall depend on' }],
    flags: [
      {
        name: 'type',
        short: 't',
        kind: 'string',
        summary: 'blocks (default), parent-child, waits-for, related, tracks, ...',
      },
      { name: 'blocked-by', kind: 'string', summary: 'The bead it shall depend on' },
      { name: 'depends-on', kind: 'string', summary: 'The same as --blocked-by', hidden: true },
      {
        name: 'waits-for-gate',
        kind: 'string',
        values: ['all-children', 'any-children'],
        summary: 'With -t waits-for: for all or any of its children',
      },
    ],
    json: true,
    examples: ['bd dep add gt-abc gt-xyz', 'bd dep add gt-abc gt-xyz -t related'],
    load: () => import('./dep-add.ts'),
  },
  {
    path: 'dep remove',
    aliases: ['rm'],
    summary: 'Take a dependency away',
    args: [BEAD, { name: 'depends-on', summary: 'The bead it depends on', required: true }],
    json: true,
    load: () => import('./dep-remove.ts'),
  },
  {
    path: 'dep list',
    summary: 'What a bead depends on',
    args: [{ ...BEAD, many: true }],
    flags: [
      {
        name: 'direction',
        kind: 'string',
        values: ['down', 'up'],
        summary: 'down: what it depends on (default); up: what depends on it',
      },
      { name: 'type', short: 't', kind: 'string', summary: 'Only edges of this type' },
    ],
    json: true,
    load: () => import('./dep-list.ts'),
  },
  {
    path: 'dep tree',
    summary: 'All that a bead depends on, and that those depend on',
    args: [BEAD],
    flags: [
      { name: 'max-depth', short: 'd', kind: 'int', min: 0, summary: 'Levels to show (default 50)' },
      { name: 'reverse', summary: 'What depends on it' },
      { name: 'direction', kind: 'string', values: ['down', 'up', 'both'], summary: 'up is --reverse' },
      { name: 'status', kind: 'string', summary: 'Only beads of this state, and what leads to them' },
      { name: 'show-all-paths', summary: 'A bead on every path that leads to it' },
      {
        name: 'format',
        kind: 'string',
        values: ['json', 'text', 'mermaid'],
        summary: 'mermaid: a flow chart',
      },
    ],
    json: true,
    load: () => import('./dep-tree.ts'),
  },
  {
    path: 'dep cycles',
    summary: 'Beads that block each other in a circle',
    json: true,
    load: () => import('./dep-cycles.ts'),
  },
  { path: 'label', group: 'Work Management', summary: 'Labels of beads' },
  {
    path: 'label add',
    summary: 'Add a label to beads',
    args: [{ name: 'ids-and-label', summary: 'Ids, then the label', required: true, many: true }],
    json: true,
    examples: ['bd label add gt-abc gt-xyz urgent'],
    load: () => import('./label-add.ts'),
  },
  {
    path: 'label remove',
    summary: 'Remove a label from beads',
    args: [{ name: 'ids-and-label', summary: 'Ids, then the label', required: true, many: true }],
    json: true,
    load: () => import('./label-remove.ts'),
  },
  {
    path: 'label list',
    summary: 'The labels of a bead',
    args: [BEAD],
    json: true,
    load: () => import('./label-list.ts'),
  },
];
