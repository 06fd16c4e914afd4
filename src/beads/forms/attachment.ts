import { canonicalKey, formatField, parseLine } from './fields.ts';
import type { Bead } from '../types.ts';

/** What sling wrote onto a work bead: the first lines of its description (spec 02 §5). Absent = no such line. */
export interface Attachment {
  readonly attachedMolecule?: string;
  readonly attachedFormula?: string;
  /** RFC 3339. */
  readonly attachedAt?: string;
  /** Free text for the agent. */
  readonly attachedArgs?: string;
  readonly attachedVars?: readonly string[];
  readonly dispatchedBy?: string;
  readonly noMerge?: boolean;
  readonly reviewOnly?: boolean;
  readonly mode?: string;
  readonly convoyId?: string;
  readonly mergeStrategy?: string;
  readonly convoyOwned?: boolean;
  readonly formulaVars?: string;
}

/** Absent = untouched, null = the line goes. */
export type AttachmentPatch = { readonly [K in keyof Attachment]?: Attachment[K] | null };

/** Line of each field, in the order they are written. */
const KEYS = {
  attachedMolecule: 'attached_molecule',
  attachedFormula: 'attached_formula',
  attachedAt: 'attached_at',
  attachedArgs: 'attached_args',
  attachedVars: 'attached_vars',
  dispatchedBy: 'dispatched_by',
  noMerge: 'no_merge',
  reviewOnly: 'review_only',
  mode: 'mode',
  convoyId: 'convoy_id',
  mergeStrategy: 'merge_strategy',
  convoyOwned: 'convoy_owned',
  formulaVars: 'formula_vars',
} as const satisfies Record<keyof Attachment, string>;

type Field = keyof Attachment;
const FIELDS = Object.keys(KEYS) as readonly Field[];
const FIELD_OF_KEY: ReadonlyMap<string, Field> = new Map(
  FIELDS.map((field) => [canonicalKey(KEYS[field]), field] as const),
);

/** `mode: dark` may open a human's text; only a block with one of these lines was written by sling. */
const ANCHORS: ReadonlySet<Field> = new Set<Field>([
  'attachedMolecule',
  'attachedFormula',
  'attachedAt',
  'attachedArgs',
  'attachedVars',
  'dispatchedBy',
  'convoyId',
]);

const FLAGS: ReadonlySet<Field> = new Set<Field>(['noMerge', 'reviewOnly', 'convoyOwned']);

/** The attachment of a bead; undefined when nothing is attached. */
export function readAttachment(bead: Pick<Bead, 'description'>): Attachment | undefined {
  const { values } = splitBlock(bead.description);
  return values.size === 0 ? undefined : toAttachment(values);
}

/** The description with the block changed; everything below the block stays as it is. */
export function writeAttachment(description: string, patch: AttachmentPatch): string {
  const { values, rest } = splitBlock(description);
  const next = new Map(values);
  for (const field of FIELDS) {
    const value = patch[field];
    if (value === null || value === false) next.delete(field);
    else if (value !== undefined)
      next.set(field, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const block = FIELDS.flatMap((field) => {
    const value = next.get(field);
    return value === undefined ? [] : [formatLine(field, value)];
  });
  if (block.length === 0) return rest;
  return rest === '' ? block.join('\n') : `${block.join('\n')}\n\n${rest}`;
}

/** The description without its attachment: what a human wrote. */
export function withoutAttachment(description: string): string {
  return splitBlock(description).rest;
}

/** Leading attachment lines and the text below them, without the blank line between. */
function splitBlock(description: string): {
  readonly values: ReadonlyMap<Field, string>;
  readonly rest: string;
} {
  const lines = description.split('\n');
  const values = new Map<Field, string>();
  let end = 0;
  for (const line of lines) {
    const parsed = parseLine(line);
    const field = FIELD_OF_KEY.get(canonicalKey(parsed?.key ?? ''));
    if (field === undefined) break;
    if (!values.has(field) && parsed?.value !== undefined) values.set(field, parsed.value);
    end += 1;
  }
  if (![...values.keys()].some((field) => ANCHORS.has(field)))
    return { values: new Map(), rest: description };
  const gap = lines[end]?.trim() === '' ? 1 : 0;
  return { values, rest: lines.slice(end + gap).join('\n') };
}

/** The list of variables is JSON by itself: quoting it again would hide it from the Go gt. */
function formatLine(field: Field, value: string): string {
  return field === 'attachedVars' ? `${KEYS[field]}: ${value}` : formatField(KEYS[field], value);
}

function toAttachment(values: ReadonlyMap<Field, string>): Attachment {
  const entries = [...values].map(([field, value]) => [field, parseValue(field, value)] as const);
  return Object.fromEntries(entries);
}

function parseValue(field: Field, value: string): string | boolean | readonly string[] {
  if (field === 'attachedVars') return parseList(value);
  return FLAGS.has(field) ? value.toLowerCase() === 'true' : value;
}

function parseList(value: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed.map(String) : [value];
  } catch {
    // Older writers put one bare variable here.
    return [value];
  }
}
