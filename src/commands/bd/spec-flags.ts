import type { Operator } from '../../beads/query/node.ts';
import type { FlagSpec } from '../../cli/command.ts';

export const BEAD = { name: 'bead', summary: 'Id, or a unique piece of it', required: true } as const;
export const BEADS = {
  name: 'id',
  summary: 'Ids, or unique pieces of them',
  required: true,
  many: true,
} as const;

/** Flags that every bd command takes. The hidden ones were bd's once and change nothing here. */
export const BD_GLOBAL_FLAGS: readonly FlagSpec[] = [
  { name: 'actor', kind: 'string', summary: 'Who writes (default: BEADS_ACTOR, BD_ACTOR, git user.name)' },
  { name: 'db', kind: 'string', summary: 'Database file to use' },
  { name: 'directory', short: 'C', kind: 'string', summary: 'Work as if started in this folder' },
  { name: 'format', kind: 'string', values: ['json', 'text'], summary: '--format json is --json' },
  { name: 'ignore-schema-skew', summary: 'Open a database of a newer version at your own risk' },
  { name: 'quiet', short: 'q', summary: 'Print nothing but errors' },
  { name: 'readonly', summary: 'Refuse to write' },
  { name: 'verbose', short: 'v', summary: 'Accepted, prints nothing more', hidden: true },
  { name: 'sandbox', summary: 'Accepted: nothing is ever synchronised', hidden: true },
  {
    name: 'dolt-auto-commit',
    kind: 'string',
    values: ['on', 'batch', 'off'],
    summary: 'Versions on a Dolt server: at each write, or by bd dolt commit (batch, off)',
  },
  { name: 'allow-stale', summary: 'Accepted: reads are always fresh', hidden: true },
  { name: 'no-daemon', summary: 'Accepted: there is no bd daemon', hidden: true },
];

/** A flag that stands for one comparison of a query; without `value` the flag's own is compared. */
export interface TermFlag extends FlagSpec {
  readonly term: readonly [field: string, op: Operator, value?: string];
}

const term = (name: string, summary: string, ...words: TermFlag['term']): TermFlag => ({
  name,
  ...(words[2] === undefined ? { kind: 'string' } : {}),
  summary,
  term: words,
});

export const TERM_FLAGS: readonly TermFlag[] = [
  term('priority-min', 'Only this priority and less urgent ones', 'priority', '>='),
  term('priority-max', 'Only this priority and more urgent ones', 'priority', '<='),
  term('label-pattern', 'Only beads with a label like this (tech-*)', 'label', '='),
  term('no-labels', 'Only beads without labels', 'label', '=', 'none'),
  term('no-assignee', 'Only beads of nobody', 'assignee', '=', 'none'),
  term('title', 'Title contains this text', 'title', '~'),
  term('title-contains', 'Title contains this text', 'title', '~'),
  term('desc-contains', 'Description contains this text', 'description', '~'),
  term('notes-contains', 'Notes contain this text', 'notes', '~'),
  term('empty-description', 'Only beads without a description', 'description', '=', 'none'),
  term('created-after', 'Made after this time (2026-01-31, yesterday, 7d = a week ago)', 'created', '>'),
  term('created-before', 'Made before this time', 'created', '<'),
  term('updated-after', 'Changed after this time', 'updated', '>'),
  term('updated-before', 'Changed before this time', 'updated', '<'),
  term('closed-after', 'Closed after this time', 'closed', '>'),
  term('closed-before', 'Closed before this time', 'closed', '<'),
  term('deferred', 'Only beads that are put off', 'defer', '!=', 'none'),
  term('defer-after', 'Put off beyond this time (2026-01-31, tomorrow, 2d = in two days)', 'defer', '>'),
  term('defer-before', 'Put off until before this time', 'defer', '<'),
  term('due-after', 'Due after this time', 'due', '>'),
  term('due-before', 'Due before this time', 'due', '<'),
  term('overdue', 'Due already and not closed', 'due', '<', 'now'),
  term('mol-type', 'Only this kind of molecule (swarm, patrol, work)', 'mol_type', '='),
  term('wisp-type', 'Only this kind of wisp (heartbeat, patrol, ...)', 'wisp_type', '='),
  term('spec', 'Only beads of this specification (docs/a*)', 'spec', '='),
  term('has-metadata-key', 'Only beads with this metadata key', 'has_metadata_key', '='),
];

/** What picks beads in list, count and search, and but for the status in ready. */
export const CHOICE_FLAGS: readonly FlagSpec[] = [
  { name: 'assignee', short: 'a', kind: 'string', summary: 'Only beads of this one' },
  { name: 'type', short: 't', kind: 'list', summary: 'Only these types' },
  { name: 'exclude-type', kind: 'list', summary: 'Not these types' },
  { name: 'priority', short: 'p', kind: 'string', summary: 'Only this priority (0-4, P0-P4)' },
  { name: 'label', short: 'l', kind: 'list', summary: 'Only beads with all of these labels' },
  { name: 'label-any', kind: 'list', summary: 'Only beads with one of these labels' },
  { name: 'exclude-label', kind: 'list', summary: 'Not beads with one of these labels' },
  { name: 'id', kind: 'list', summary: 'Only these ids' },
  { name: 'parent', kind: 'string', summary: 'Only children of this bead' },
  { name: 'filter-parent', kind: 'string', summary: 'The same as --parent', hidden: true },
  { name: 'no-parent', summary: 'Only beads without a parent' },
  { name: 'metadata-field', kind: 'array', summary: 'Only beads with this metadata (key=value)' },
  { name: 'pinned', summary: 'Only pinned beads' },
  { name: 'no-pinned', summary: 'Not pinned ones', hidden: true },
  ...TERM_FLAGS,
];

/** What nothing can fulfil. */
export const CHOICE_CLASHES = [
  ['assignee', 'no-assignee'],
  ['parent', 'no-parent'],
] as const;

export const FILTER_FLAGS: readonly FlagSpec[] = [
  { name: 'status', short: 's', kind: 'list', summary: 'Only these states, or all' },
  { name: 'state', kind: 'list', summary: 'The same as --status', hidden: true },
  ...CHOICE_FLAGS,
];

export const LIMIT: FlagSpec = {
  name: 'limit',
  short: 'n',
  kind: 'int',
  min: 0,
  summary: 'At most this many (0 = all)',
};

export const ORDER_NAMES = [
  'priority',
  'created',
  'updated',
  'closed',
  'status',
  'id',
  'title',
  'type',
  'assignee',
] as const;

export const SORT: readonly FlagSpec[] = [
  { name: 'sort', kind: 'string', values: ORDER_NAMES, summary: 'Order (default priority)' },
  { name: 'reverse', short: 'r', summary: 'The other way round' },
];

/** The text fields of create and update. */
export const TEXT_FLAGS: readonly FlagSpec[] = [
  { name: 'description', short: 'd', kind: 'string', summary: 'Description' },
  { name: 'body', kind: 'string', summary: 'Description', hidden: true },
  { name: 'body-file', kind: 'string', summary: 'Description from this file (- = standard input)' },
  { name: 'stdin', summary: 'Description from standard input' },
  { name: 'design', kind: 'string', summary: 'Design' },
  { name: 'acceptance', kind: 'string', summary: 'Acceptance criteria' },
  { name: 'notes', kind: 'string', summary: 'Notes' },
];
