import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const BEAD: readonly ArgSpec[] = [{ name: 'bead', summary: 'Bead id', required: true }];
const SHOW = 'Takes every flag of bd show.';

export const beadCommands: readonly CommandSpec[] = [
  {
    path: 'bead',
    aliases: ['bd'],
    group: 'Work Management',
    summary: 'Beads (issues) of all rigs; bd itself does everything else with them',
  },
  {
    path: 'bead show',
    summary: 'One bead in full',
    description: SHOW,
    args: BEAD,
    passThrough: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'bead read',
    summary: 'One bead in full',
    description: SHOW,
    args: BEAD,
    passThrough: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'bead move',
    summary: 'Move a bead to another rig: a copy under its prefix, the old one closed with the new id',
    description: [
      'Text, labels, comments and links go along, and it keeps its place in its convoy. Refused while somebody works on',
      'it, and while it waits for open beads or open beads wait for it: nothing holds a bead back across ledgers.',
    ].join('\n'),
    args: [...BEAD, { name: 'prefix', summary: 'Prefix or name of the rig to move it to', required: true }],
    flags: [{ name: 'dry-run', short: 'n', summary: 'Only say what would be done' }],
    examples: ['gt bead move gt-abc sh'],
    json: true,
    load: () => import('./move.ts'),
  },
  {
    path: 'show',
    group: 'Work Management',
    summary: 'One bead in full, from whichever rig it is',
    description: SHOW,
    args: BEAD,
    passThrough: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'cat',
    group: 'Work Management',
    summary: 'The text of one bead: title and description as they were written',
    args: BEAD,
    json: true,
    load: () => import('./cat.ts'),
  },
  {
    path: 'close',
    group: 'Work Management',
    summary: 'Close beads, then look which convoys (batches) are complete',
    description: [
      'Takes every flag of bd close. --cascade closes what is open below the beads first, from the leaves up.',
      'Work that an agent was given closes by itself when it lands: gt done.',
    ].join('\n'),
    args: [{ name: 'beads', summary: 'Bead ids', many: true }],
    passThrough: true,
    examples: ['gt close gt-abc --reason "shipped by hand"', 'gt close gt-epic --cascade'],
    load: () => import('./close.ts'),
  },
  {
    path: 'ready',
    group: 'Work Management',
    summary: 'Work of all rigs that can start now',
    flags: [{ name: 'rig', kind: 'string', summary: 'Only this rig' }],
    json: true,
    load: () => import('./ready.ts'),
  },
  {
    path: 'commit',
    group: 'Work Management',
    summary: 'git commit under your agent’s name and address',
    description:
      'Every word goes to git commit; its exit code is the exit code. For a person it is plain git commit.',
    passThrough: true,
    examples: ['gt commit -am "Round prices to cents"'],
    load: () => import('./commit.ts'),
  },
];
