import type { CommandSpec } from '../../cli/command.ts';

/** Ending a session so that the next one knows how to go on. */
export const handoffCommands: readonly CommandSpec[] = [
  {
    path: 'handoff',
    group: 'Work Management',
    summary: 'End this session and begin a fresh one that goes on with the same work',
    description: [
      'Leaves a note on the agent’s hook: your own words, and what gt knows (bead, step, branch, commits, files that',
      'are not committed, last gate, unread mail). Then the session is replaced by a new one in the same place. Nothing',
      'ends before the note is stored. A bead is put on the hook first; a role or address hands over that agent.',
    ].join('\n'),
    args: [
      {
        name: 'what',
        summary: 'A bead to take along, or the agent to hand over (mayor, crew/ann, <rig>/witness)',
      },
    ],
    flags: [
      { name: 'subject', short: 's', kind: 'string', summary: 'Subject of the note' },
      { name: 'message', short: 'm', kind: 'string', summary: 'Your own words for the next session' },
      { name: 'stdin', summary: 'Read them from standard input' },
      { name: 'collect', short: 'c', summary: 'Also note unread mail, work in progress and what is ready' },
      { name: 'auto', summary: 'Only store the note; the session goes on' },
      { name: 'cycle', summary: 'For hooks: never asks' },
      { name: 'reason', kind: 'string', summary: 'Why; compaction only stores the note' },
      { name: 'dry-run', short: 'n', summary: 'Only print the note and what would be done' },
      { name: 'yes', short: 'y', summary: 'Do not ask' },
      {
        name: 'watch',
        short: 'w',
        summary: 'Open the new session of another agent, on a terminal (default; --watch=false does not)',
      },
      { name: 'no-git-check', summary: 'Do not look at the checkout' },
    ],
    exclusive: [['message', 'stdin']],
    examples: ['gt handoff -m "parser done; next: the printer, start in src/print.ts"', 'gt handoff mayor'],
    load: () => import('./handoff.ts'),
  },
  {
    path: 'resume',
    group: 'Work Management',
    summary: 'Print the notes that earlier sessions have left for you',
    json: true,
    load: () => import('./resume.ts'),
  },
  {
    path: 'checkpoint',
    group: 'Diagnostics',
    summary: 'What an agent had in hand, recorded for its next session',
  },
  {
    path: 'checkpoint write',
    summary: 'Record where you stand: bead, step, branch, commit, changed files',
    description:
      'Called by the runtime before it compacts its context. Ends nothing and changes nothing else.',
    flags: [
      { name: 'molecule', kind: 'string', summary: 'Molecule (workflow), when gt does not know it' },
      { name: 'step', kind: 'string', summary: 'Step of it' },
      { name: 'notes', kind: 'string', summary: 'Your own words' },
    ],
    load: () => import('./checkpoint-write.ts'),
  },
  {
    path: 'checkpoint read',
    summary: 'Print the newest record; after a day it tells nothing any more',
    json: true,
    load: () => import('./checkpoint-read.ts'),
  },
  { path: 'checkpoint clear', summary: 'Remove the record', load: () => import('./checkpoint-clear.ts') },
];
