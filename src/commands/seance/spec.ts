import type { CommandSpec } from '../../cli/command.ts';

const RECENT = { name: 'recent', short: 'n', kind: 'int', min: 1, default: 20 } as const;

export const seanceCommands: readonly CommandSpec[] = [
  {
    path: 'seance',
    group: 'Agent Management',
    summary: 'Predecessors: which sessions there were, what they said, and what they would answer',
    description: [
      'Without anything: the sessions of this town, newest first. With an id (its beginning is enough): what that',
      'session knew. --talk takes up its conversation in a copy where its runtime can do that, for one question (-p)',
      'or on your terminal; where it cannot, the town’s agent answers from what is left. --grep searches what all',
      'sessions said, ran and saw: a text (any case, unless it has capitals), or /a regular expression/.',
    ].join('\n'),
    args: [{ name: 'session', summary: 'Beginning of an id' }],
    flags: [
      {
        name: 'role',
        kind: 'string',
        summary: 'Only this kind of agent (polecat, crew, mayor …), or one address',
      },
      { name: 'rig', kind: 'string', summary: 'Only of this rig (project)' },
      { name: 'bead', kind: 'string', summary: 'Only sessions about this bead' },
      { name: 'since', kind: 'duration', summary: 'Only sessions of the last 2h, 3d …' },
      { ...RECENT, summary: 'How many sessions, or hits' },
      { name: 'talk', short: 't', kind: 'string', summary: 'Talk to this session' },
      { name: 'prompt', short: 'p', kind: 'string', summary: 'Ask it this and print the answer' },
      { name: 'grep', short: 'g', kind: 'string', summary: 'Search the conversations' },
    ],
    exclusive: [
      ['talk', 'grep'],
      ['prompt', 'grep'],
    ],
    json: true,
    examples: [
      'gt seance --rig shop',
      'gt seance 3f2a91c0',
      "gt seance --talk 3f2a91c0 -p 'why did you change the parser?'",
      "gt seance --grep 'connection refused' --since 2d",
    ],
    load: () => import('./seance.ts'),
  },
  {
    path: 'seance show',
    summary: 'What one session knew: its words, commands and files, and its last screen',
    args: [{ name: 'session', summary: 'Beginning of its id, or <session>.<start>', required: true }],
    flags: [
      { name: 'lines', short: 'n', kind: 'int', min: 0, default: 20, summary: 'Lines of its last screen' },
    ],
    json: true,
    examples: ['gt seance show 3f2a91c0', 'gt seance show sh-toast.2'],
    load: () => import('./show.ts'),
  },
];
