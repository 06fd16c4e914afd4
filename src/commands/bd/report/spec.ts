import type { CommandSpec } from '../../../cli/command.ts';
import { BEAD, LIMIT, SORT } from '../spec-flags.ts';

const FIELDS_HELP =
  'Fields: id title description design acceptance notes status priority type assignee owner created_by label parent ' +
  'created updated started closed due defer pinned ephemeral template blocked mol_type wisp_type spec external_ref ' +
  'has_metadata_key metadata.<key>. For text fields = means contains; elsewhere * stands for anything; none = no value.';

export const bdReportCommands: readonly CommandSpec[] = [
  {
    path: 'query',
    summary: 'Find beads by an expression: status=open AND priority<2',
    description: [
      'field=value, !=, <, <=, >, >=, ~ (contains), joined by AND, OR, NOT and parentheses.',
      '',
      FIELDS_HELP,
      'Times: 2026-01-31, 2026-01-31T12:00:00Z, 7d (a week ago; for due and defer: ahead), yesterday, "last monday".',
      'Closed beads are left out unless the expression names a status or --all is given.',
    ].join('\n'),
    args: [{ name: 'expression', summary: 'What must hold', required: true, many: true }],
    flags: [
      LIMIT,
      ...SORT,
      { name: 'all', short: 'a', summary: 'Closed ones too' },
      { name: 'parse-only', summary: 'Only show how the expression is understood' },
      { name: 'long', summary: 'Accepted: bd show tells more', hidden: true },
    ],
    examples: [
      'bd query "status=open AND priority<2"',
      'bd query "(type=bug OR label=urgent) AND NOT assignee=none"',
      'bd query "updated<30d AND metadata.team=core"',
    ],
    load: () => import('../read/query.ts'),
  },
  {
    path: 'stale',
    summary: 'Work that nobody has touched for a while',
    flags: [
      { name: 'days', short: 'd', kind: 'int', min: 1, default: 30, summary: 'For so many days' },
      {
        name: 'status',
        short: 's',
        kind: 'string',
        values: ['open', 'in_progress', 'blocked', 'deferred'],
        summary: 'Only this state (default: open and in_progress)',
      },
      LIMIT,
    ],
    load: () => import('../read/stale.ts'),
  },
  { path: 'epic', summary: 'How far epics are' },
  {
    path: 'epic status',
    summary: 'Open epics and how many of their children are closed',
    flags: [{ name: 'eligible-only', summary: 'Only those with all children closed' }],
    load: async () => (await import('./epics.ts')).status,
  },
  {
    path: 'epic close-eligible',
    summary: 'Close the epics whose children are all closed',
    flags: [{ name: 'dry-run', summary: 'Only tell' }],
    load: async () => (await import('./epics.ts')).closeEligible,
  },
  { path: 'swarm', summary: 'Epics that several workers do side by side' },
  {
    path: 'swarm validate',
    summary: 'Check an epic for parallel work: waves, circles, outside dependencies',
    args: [{ ...BEAD, summary: 'The epic' }],
    flags: [{ name: 'verbose', summary: 'JSON: also each issue with its wave' }],
    load: async () => (await import('./swarm.ts')).validate,
  },
  {
    path: 'swarm status',
    summary: 'What of an epic is done, in work, ready, blocked',
    args: [{ ...BEAD, summary: 'The epic, or its swarm' }],
    load: async () => (await import('./swarm.ts')).status,
  },
  {
    path: 'swarm create',
    summary: 'Make the molecule that stands for an epic worked on in parallel',
    args: [{ ...BEAD, summary: 'The epic; another bead gets an epic of its own' }],
    flags: [
      { name: 'coordinator', kind: 'string', summary: 'Who looks after it' },
      { name: 'force', summary: 'Another one, where there is one already' },
    ],
    load: () => import('./swarm-create.ts'),
  },
  {
    path: 'swarm list',
    summary: 'All swarms and how far they are',
    load: async () => (await import('./swarm.ts')).list,
  },
  {
    path: 'graph',
    summary: 'What belongs together, in the order in which it can be done',
    args: [{ ...BEAD, required: false }],
    flags: [
      { name: 'all', summary: 'All open work' },
      { name: 'compact', summary: 'Accepted: one line per bead is the default', hidden: true },
      { name: 'box', summary: 'Accepted: layers are the default', hidden: true },
      { name: 'dot', summary: 'For Graphviz: bd graph --dot <id> | dot -Tsvg' },
    ],
    load: () => import('./graph.ts'),
  },
  {
    path: 'graph check',
    summary: 'Look for beads that block each other in a circle',
    load: async () => (await import('../link/cycles.ts')).check,
  },
  {
    path: 'lint',
    summary: 'Beads that lack a section their type should have',
    args: [{ name: 'bead', summary: 'Ids (default: all open beads)', many: true }],
    flags: [
      { name: 'type', short: 't', kind: 'string', summary: 'Only this type' },
      { name: 'status', short: 's', kind: 'string', summary: 'Only this state, or all (default open)' },
    ],
    load: () => import('./lint.ts'),
  },
  {
    path: 'duplicates',
    summary: 'Open beads with the same text',
    flags: [
      { name: 'auto-merge', summary: 'Close all but one of each group, children move to it' },
      { name: 'dry-run', summary: 'Only tell' },
    ],
    load: () => import('./duplicates.ts'),
  },
];
