import type { FlagSpec } from '../../cli/command.ts';

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
  { name: 'dolt-auto-commit', kind: 'string', summary: 'Accepted: writes always commit', hidden: true },
  { name: 'allow-stale', summary: 'Accepted: reads are always fresh', hidden: true },
  { name: 'no-daemon', summary: 'Accepted: there is no bd daemon', hidden: true },
];

/** What picks beads in list, count and search. */
export const FILTER_FLAGS: readonly FlagSpec[] = [
  { name: 'status', short: 's', kind: 'list', summary: 'Only these states, or all' },
  { name: 'assignee', short: 'a', kind: 'string', summary: 'Only beads of this one' },
  { name: 'no-assignee', summary: 'Only beads of nobody' },
  { name: 'type', short: 't', kind: 'list', summary: 'Only these types' },
  { name: 'exclude-type', kind: 'list', summary: 'Not these types' },
  { name: 'priority', short: 'p', kind: 'string', summary: 'Only this priority (0-4, P0-P4)' },
  { name: 'label', short: 'l', kind: 'list', summary: 'Only beads with all of these labels' },
  { name: 'label-any', kind: 'list', summary: 'Only beads with one of these labels' },
  { name: 'exclude-label', kind: 'list', summary: 'Not beads with one of these labels' },
  { name: 'id', kind: 'list', summary: 'Only these ids' },
  { name: 'parent', kind: 'string', summary: 'Only children of this bead' },
  { name: 'no-parent', summary: 'Only beads without a parent' },
  { name: 'title', kind: 'string', summary: 'Title contains this text' },
  { name: 'title-contains', kind: 'string', summary: 'Title contains this text' },
  { name: 'desc-contains', kind: 'string', summary: 'Description contains this text' },
  { name: 'notes-contains', kind: 'string', summary: 'Notes contain this text' },
  { name: 'created-after', kind: 'string', summary: 'Made after this time' },
  { name: 'created-before', kind: 'string', summary: 'Made before this time' },
  { name: 'updated-after', kind: 'string', summary: 'Changed after this time' },
  { name: 'updated-before', kind: 'string', summary: 'Changed before this time' },
  { name: 'closed-after', kind: 'string', summary: 'Closed after this time' },
  { name: 'closed-before', kind: 'string', summary: 'Closed before this time' },
  { name: 'mol-type', kind: 'string', summary: 'Only this kind of molecule' },
  { name: 'wisp-type', kind: 'string', summary: 'Only this kind of wisp' },
  { name: 'metadata-field', kind: 'array', summary: 'Only beads with this metadata (key=value)' },
  { name: 'pinned', summary: 'Only pinned beads' },
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
