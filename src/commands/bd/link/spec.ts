import type { CommandSpec, FlagSpec } from '../../../cli/command.ts';
import { BEAD } from '../spec-flags.ts';

const OTHER = { name: 'other', summary: 'The other bead', required: true } as const;

const DEP_ADD_FLAGS: readonly FlagSpec[] = [
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
];

export const bdLinkCommands: readonly CommandSpec[] = [
  {
    path: 'dep',
    summary: 'Dependencies between beads',
    args: [{ ...BEAD, required: false }],
    flags: [{ name: 'blocks', short: 'b', kind: 'string', summary: 'Bead that waits for this one' }],
    examples: ['bd dep gt-abc --blocks gt-xyz'],
    load: async () => (await import('./dep-change.ts')).block,
  },
  {
    path: 'dep add',
    summary: 'Let one bead depend on another',
    description: 'bd dep add A B: A depends on B, so A is not ready before B is closed.',
    args: [BEAD, { name: 'depends-on', summary: 'The bead it shall depend on' }],
    flags: DEP_ADD_FLAGS,
    examples: ['bd dep add gt-abc gt-xyz', 'bd dep add gt-abc gt-xyz -t related'],
    load: async () => (await import('./dep-change.ts')).add,
  },
  {
    path: 'dep remove',
    aliases: ['rm'],
    summary: 'Take a dependency away',
    args: [BEAD, { name: 'depends-on', summary: 'The bead it depends on', required: true }],
    load: async () => (await import('./dep-change.ts')).remove,
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
    load: () => import('./dep-tree.ts'),
  },
  {
    path: 'dep cycles',
    summary: 'Beads that block each other in a circle',
    load: async () => (await import('./cycles.ts')).list,
  },
  {
    path: 'dep relate',
    summary: 'Let two beads be related, either way',
    args: [BEAD, OTHER],
    load: async () => (await import('./relations.ts')).relate,
  },
  {
    path: 'dep unrelate',
    summary: 'Take that away',
    args: [BEAD, OTHER],
    load: async () => (await import('./relations.ts')).unrelate,
  },
  {
    path: 'link',
    summary: 'The same as dep add',
    args: [BEAD, { name: 'depends-on', summary: 'The bead it shall depend on' }],
    flags: DEP_ADD_FLAGS,
    load: async () => (await import('./dep-change.ts')).add,
  },
  {
    path: 'duplicate',
    summary: 'Close a bead as a duplicate of another',
    args: [BEAD],
    flags: [{ name: 'of', kind: 'string', required: true, summary: 'The bead that stays' }],
    examples: ['bd duplicate gt-abc --of gt-xyz'],
    load: async () => (await import('./relations.ts')).duplicate,
  },
  {
    path: 'supersede',
    summary: 'Close a bead because another takes its place',
    args: [BEAD],
    flags: [{ name: 'with', kind: 'string', required: true, summary: 'The bead that takes its place' }],
    load: async () => (await import('./relations.ts')).supersede,
  },
  { path: 'label', summary: 'Labels of beads' },
  {
    path: 'label add',
    summary: 'Add a label to beads',
    args: [{ name: 'ids-and-label', summary: 'Ids, then the label', required: true, many: true }],
    examples: ['bd label add gt-abc gt-xyz urgent'],
    load: async () => (await import('./labels.ts')).add,
  },
  {
    path: 'label remove',
    summary: 'Remove a label from beads',
    args: [{ name: 'ids-and-label', summary: 'Ids, then the label', required: true, many: true }],
    load: async () => (await import('./labels.ts')).remove,
  },
  {
    path: 'label list',
    summary: 'The labels of a bead',
    args: [BEAD],
    load: async () => (await import('./labels.ts')).list,
  },
];
