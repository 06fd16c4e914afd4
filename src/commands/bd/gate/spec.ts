import { GATE_TYPES } from '../../../beads/gates/types.ts';
import type { CommandSpec } from '../../../cli/command.ts';

const GATE = { name: 'gate', summary: 'Id of the gate, or a unique piece of it', required: true } as const;
const HOLDER = { name: 'holder', kind: 'string', summary: 'Who holds it (default: you)' } as const;

/** What waits for something outside, and the one slot for merging. */
export const bdGateCommands: readonly CommandSpec[] = [
  {
    path: 'gate',
    summary: 'Gates: beads that hold others back until something has happened',
    description: [
      'A gate holds a bead back until a person says so (human), a time has passed (timer), a workflow has run (gh:run),',
      'a pull request is merged (gh:pr), another bead is closed (bead) or mail has come (mail).',
      '`bd gate check` looks at all of them and opens those that may open.',
    ].join(' '),
  },
  {
    path: 'gate list',
    summary: 'Gates that are shut',
    flags: [
      { name: 'all', short: 'a', summary: 'The open ones too' },
      { name: 'limit', short: 'n', kind: 'int', summary: 'At most this many (0 = all)', default: 50 },
    ],
    load: async () => (await import('./gates.ts')).list,
  },
  {
    path: 'gate show',
    summary: 'Everything about a gate',
    args: [GATE],
    load: async () => (await import('./gates.ts')).show,
  },
  {
    path: 'gate create',
    summary: 'Hold a bead back',
    flags: [
      { name: 'blocks', kind: 'string', summary: 'The bead to hold back', required: true },
      {
        name: 'type',
        short: 't',
        kind: 'string',
        values: GATE_TYPES,
        summary: 'What it waits for',
        default: 'human',
      },
      { name: 'await-id', kind: 'string', summary: 'Run, workflow, pull request or <rig>:<bead>' },
      { name: 'timeout', kind: 'duration', summary: 'When a timer gate opens (2h, 30m)' },
      { name: 'reason', short: 'r', kind: 'string', summary: 'Why' },
    ],
    examples: [
      'bd gate create --blocks gt-abc --reason "design review"',
      'bd gate create --blocks gt-abc --type timer --timeout 2h',
      'bd gate create --blocks gt-abc --type gh:pr --await-id 42',
    ],
    load: async () => (await import('./gates.ts')).create,
  },
  {
    path: 'gate check',
    summary: 'Look at all gates and open those that may open',
    flags: [
      {
        name: 'type',
        short: 't',
        kind: 'string',
        values: ['gh', 'gh:run', 'gh:pr', 'timer', 'bead', 'all'],
        summary: 'Only gates of this kind',
      },
      { name: 'dry-run', summary: 'Only say what would happen' },
      { name: 'escalate', short: 'e', summary: 'Report failed ones: a comment, and in a town gt escalate' },
      { name: 'limit', short: 'l', kind: 'int', summary: 'At most this many gates (0 = all)', default: 100 },
    ],
    load: () => import('./check.ts'),
  },
  {
    path: 'gate resolve',
    summary: 'Open a gate by hand, whatever it waits for',
    args: [GATE],
    flags: [{ name: 'reason', short: 'r', kind: 'string', summary: 'Why' }],
    load: async () => (await import('./gates.ts')).resolve,
  },
  {
    path: 'gate add-waiter',
    summary: 'Let somebody be told when the gate opens',
    args: [GATE, { name: 'waiter', summary: 'Address, such as proj/polecats/rust', required: true }],
    load: async () => (await import('./gates.ts')).waiter,
  },
  {
    path: 'gate discover',
    summary: 'Find the workflow runs that gates wait for',
    flags: [
      { name: 'dry-run', short: 'n', summary: 'Only say what would be written' },
      {
        name: 'branch',
        short: 'b',
        kind: 'string',
        summary: 'Runs of this branch (default: the current one)',
      },
      { name: 'limit', short: 'l', kind: 'int', summary: 'Runs to look at', default: 10 },
      { name: 'max-age', short: 'a', kind: 'duration', summary: 'Oldest run to take (default 30m)' },
    ],
    load: () => import('./discover.ts'),
  },
  {
    path: 'merge-slot',
    summary: 'One at a time: who may merge now',
  },
  {
    path: 'merge-slot create',
    summary: 'Make the slot; one that is there stays',
    load: async () => (await import('./merge-slot.ts')).create,
  },
  {
    path: 'merge-slot check',
    summary: 'Who holds it, who waits',
    load: async () => (await import('./merge-slot.ts')).check,
  },
  {
    path: 'merge-slot acquire',
    summary: 'Take the slot; exit 1 when another one holds it',
    flags: [HOLDER, { name: 'wait', summary: 'Queue up when it is held' }],
    load: async () => (await import('./merge-slot.ts')).acquire,
  },
  {
    path: 'merge-slot release',
    summary: 'Give the slot back; the first who waits gets it',
    flags: [HOLDER],
    load: async () => (await import('./merge-slot.ts')).release,
  },
];
