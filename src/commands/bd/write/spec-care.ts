import type { CommandSpec } from '../../../cli/command.ts';
import { BEAD, BEADS } from '../spec-flags.ts';

/** Putting off, states, and taking care of many beads at once. */
export const bdCareCommands: readonly CommandSpec[] = [
  {
    path: 'defer',
    summary: 'Put beads off',
    args: [BEADS],
    flags: [
      { name: 'until', kind: 'string', summary: 'Until then: +6h, +2w, tomorrow, next monday, 2030-01-31' },
    ],
    examples: ['bd defer gt-abc --until "next monday"'],
    load: async () => (await import('./care.ts')).defer,
  },
  {
    path: 'undefer',
    summary: 'Take up beads that were put off',
    args: [BEADS],
    load: async () => (await import('./care.ts')).undefer,
  },
  {
    path: 'set-state',
    summary: 'Set one dimension of a state, such as health=failing',
    description:
      'Keeps one label <dimension>:<value> and records each change as a closed child of type event.',
    args: [BEAD, { name: 'state', summary: '<dimension>=<value>', required: true }],
    flags: [{ name: 'reason', kind: 'string', summary: 'Why; kept with the change' }],
    load: async () => (await import('./states.ts')).set,
  },
  {
    path: 'state',
    summary: 'The value of one dimension of a state',
    args: [BEAD, { name: 'dimension', summary: 'Such as health', required: true }],
    load: async () => (await import('./states.ts')).get,
  },
  {
    path: 'state list',
    summary: 'All dimensions of a bead',
    args: [BEAD],
    load: async () => (await import('./states.ts')).list,
  },
  {
    path: 'promote',
    summary: 'Make a wisp a lasting issue; its id stays',
    args: [BEAD],
    flags: [{ name: 'reason', short: 'r', kind: 'string', summary: 'Why; becomes part of the comment' }],
    load: async () => (await import('./care.ts')).promote,
  },
  {
    path: 'batch',
    summary: 'Run many writes as one: all of them, or none',
    description:
      'One per line: close <id> [reason...] · update <id> <status|priority|title|assignee>=<value>... · ' +
      'create <type> <priority> <title...> · dep add <from> <to> [type] · dep remove <from> <to>. ' +
      'Lines that begin with # are comments; words may stand in double quotes.',
    flags: [
      { name: 'file', short: 'f', kind: 'string', summary: 'File with the lines (default: standard input)' },
      { name: 'message', short: 'm', kind: 'string', summary: 'Message of the version commit (Dolt)' },
      { name: 'dry-run', summary: 'Only check the lines' },
    ],
    examples: ['bd batch -f changes.txt'],
    load: () => import('./batch.ts'),
  },
  {
    path: 'purge',
    summary: 'Delete closed wisps that nothing names (shows what would go until --force)',
    flags: [
      { name: 'force', short: 'f', summary: 'Really delete' },
      { name: 'dry-run', summary: 'Only say what would go' },
      { name: 'older-than', kind: 'duration', summary: 'Closed at least this long ago (7d, 12h)' },
      { name: 'pattern', kind: 'string', summary: 'Only ids like this (*-wisp-*)' },
    ],
    load: () => import('./purge.ts'),
  },
  {
    path: 'rename-prefix',
    summary: 'Give all beads another prefix, in ids and texts',
    args: [{ name: 'prefix', summary: 'New prefix', required: true }],
    flags: [{ name: 'dry-run', summary: 'Only say what would change' }],
    load: () => import('./rename-prefix.ts'),
  },
];
