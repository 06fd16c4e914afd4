import { UsageError } from '../../core/errors.ts';
import { nearestOf } from '../../core/nearest.ts';
import type { Comparison, Operator } from './node.ts';

/** How a field is compared. `text`: `=` means "contains"; `word`: the whole value, `*` stands for anything. */
export type FieldKind =
  | 'text'
  | 'word'
  | 'status'
  | 'type'
  | 'priority'
  | 'time'
  | 'flag'
  | 'label'
  | 'parent'
  | 'metadata'
  | 'metadata-key';

export interface Field {
  readonly kind: FieldKind;
  /** SQL column of the bead's table; '' where there is none. */
  readonly column: string;
  /** Which way a bare duration counts (`7d`): made 7 days ago, due 7 days ahead. */
  readonly direction?: 'ago' | 'ahead';
}

const field = (kind: FieldKind, column = ''): Field => ({ kind, column });
const past = (column: string): Field => ({ kind: 'time', column, direction: 'ago' });
const future = (column: string): Field => ({ kind: 'time', column, direction: 'ahead' });

const FIELDS: ReadonlyMap<string, Field> = new Map(
  Object.entries({
    id: field('word', 'id'),
    title: field('text', 'title'),
    description: field('text', 'description'),
    design: field('text', 'design'),
    acceptance: field('text', 'acceptance_criteria'),
    notes: field('text', 'notes'),
    status: field('status', 'status'),
    priority: field('priority', 'priority'),
    type: field('type', 'issue_type'),
    assignee: field('word', 'assignee'),
    owner: field('word', 'owner'),
    created_by: field('word', 'created_by'),
    external_ref: field('word', 'external_ref'),
    spec: field('word', 'spec_id'),
    mol_type: field('word', 'mol_type'),
    wisp_type: field('word', 'wisp_type'),
    label: field('label'),
    parent: field('parent'),
    created: past('created_at'),
    updated: past('updated_at'),
    started: past('started_at'),
    closed: past('closed_at'),
    due: future('due_at'),
    defer: future('defer_until'),
    pinned: field('flag', 'pinned'),
    ephemeral: field('flag', 'ephemeral'),
    template: field('flag', 'is_template'),
    blocked: field('flag', 'is_blocked'),
    has_metadata_key: field('metadata-key'),
  }),
);

const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    desc: 'description',
    labels: 'label',
    spec_id: 'spec',
    created_at: 'created',
    updated_at: 'updated',
    started_at: 'started',
    closed_at: 'closed',
    due_at: 'due',
    defer_until: 'defer',
  }),
);

const EQUAL: readonly Operator[] = ['=', '!='];
const TEXTUAL: readonly Operator[] = ['=', '!=', '~', '!~'];
const ORDERED: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];

/** What a query may ask of each kind of field. */
const OPERATORS: Readonly<Record<FieldKind, readonly Operator[]>> = {
  text: TEXTUAL,
  word: TEXTUAL,
  status: EQUAL,
  type: EQUAL,
  priority: ORDERED,
  time: ORDERED,
  flag: EQUAL,
  label: TEXTUAL,
  parent: EQUAL,
  metadata: TEXTUAL,
  'metadata-key': EQUAL,
};

/** The field a comparison names. Throws UsageError `query.field` for an unknown one or an operator it does not take. */
export function fieldOf({ field: name, op }: Comparison): Field {
  const known = name.startsWith('metadata.') ? field('metadata') : FIELDS.get(ALIASES.get(name) ?? name);
  if (known === undefined) throw unknownField(name);
  const operators = OPERATORS[known.kind];
  if (operators.includes(op)) return known;
  throw new UsageError({
    code: 'query.field',
    message: `${name} is compared with ${operators.join(' ')}, not with ${op}`,
    hint: 'Run: bd query --help',
  });
}

function unknownField(name: string): UsageError {
  const near = nearestOf(name, [...FIELDS.keys(), ...ALIASES.keys()]);
  return new UsageError({
    code: 'query.field',
    message: `a bead has no field '${name.slice(0, 40)}'${near === undefined ? '' : `: did you mean ${near}?`}`,
    hint: `Fields: ${[...FIELDS.keys()].join(', ')}, metadata.<key>`,
  });
}
