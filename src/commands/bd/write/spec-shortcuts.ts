import type { CommandSpec } from '../../../cli/command.ts';
import { BEAD } from '../spec-flags.ts';

/** What `bd update` does too, for one bead. */
export const bdShortcuts: readonly CommandSpec[] = [
  {
    path: 'note',
    summary: 'Add a line to the notes of a bead',
    args: [BEAD, { name: 'text', summary: 'The line', many: true }],
    flags: [
      { name: 'file', short: 'f', kind: 'string', summary: 'The text from this file (- = standard input)' },
      { name: 'stdin', summary: 'The text from standard input' },
    ],
    exclusive: [['file', 'stdin']],
    load: async () => (await import('./shortcuts.ts')).note,
  },
  {
    path: 'assign',
    summary: 'Say who shall do it',
    args: [BEAD, { name: 'name', summary: "Who ('' for nobody)", required: true }],
    load: async () => (await import('./shortcuts.ts')).assign,
  },
  {
    path: 'priority',
    summary: 'Set how urgent it is',
    args: [BEAD, { name: 'priority', summary: '0 (first) to 4, or P0-P4', required: true }],
    load: async () => (await import('./shortcuts.ts')).priority,
  },
  {
    path: 'tag',
    summary: 'Add a label to a bead',
    args: [BEAD, { name: 'label', summary: 'The label', required: true }],
    load: async () => (await import('./shortcuts.ts')).tag,
  },
];
