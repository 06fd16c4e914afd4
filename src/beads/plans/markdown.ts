import { UsageError } from '../../core/errors.ts';
import { canonicalType, parsePriority } from '../words/kinds.ts';
import type { NewBead } from '../types.ts';
import { parseNewEdge, type NewEdge } from './new-edges.ts';

/** One bead of a plan file, with its edges. */
export interface PlannedBead {
  readonly bead: NewBead;
  readonly edges: readonly NewEdge[];
}

type Section = (text: string, bead: PlannedBead) => PlannedBead;

const field =
  (read: (text: string) => Partial<NewBead>): Section =>
  (text, { bead, edges }) => ({ bead: { ...bead, ...read(text) }, edges });

const SECTIONS: ReadonlyMap<string, Section> = new Map(
  Object.entries<Section>({
    priority: field((text) => ({ priority: parsePriority(text) })),
    type: field((text) => ({ type: canonicalType(text) })),
    description: field((description) => ({ description })),
    design: field((design) => ({ design })),
    'acceptance criteria': field((acceptanceCriteria) => ({ acceptanceCriteria })),
    acceptance: field((acceptanceCriteria) => ({ acceptanceCriteria })),
    notes: field((notes) => ({ notes })),
    assignee: field((assignee) => ({ assignee })),
    labels: field((text) => ({ labels: wordsOf(text) })),
    dependencies: (text, { bead }) => ({ bead, edges: wordsOf(text).map(parseNewEdge) }),
    deps: (text, { bead }) => ({ bead, edges: wordsOf(text).map(parseNewEdge) }),
  }),
);

/**
 * Beads of a markdown file: `## Title`, then text (the description) and sections `### Priority`, `### Type`,
 * `### Description`, `### Design`, `### Acceptance Criteria`, `### Notes`, `### Assignee`, `### Labels`,
 * `### Dependencies`. Throws UsageError `beads.bad-plan`.
 */
export function parseMarkdownPlan(text: string): readonly PlannedBead[] {
  const pieces = splitAtHeadings(text.replaceAll('\r\n', '\n').split('\n'), '## ').slice(1);
  if (pieces.length > 0) return pieces.map(parseOne);
  throw new UsageError({
    code: 'beads.bad-plan',
    message: 'the file has no beads',
    hint: "Begin each with a line '## <title>'",
  });
}

function parseOne(lines: readonly string[]): PlannedBead {
  const [head = [], ...sections] = splitAtHeadings(lines, '### ');
  const title = (head[0] ?? '').slice(3).trim();
  const description = head.slice(1).join('\n').trim();
  const start: PlannedBead = { bead: { title, ...(description === '' ? {} : { description }) }, edges: [] };
  return sections.reduce((planned, [heading = '', ...body]) => {
    const name = heading.slice(4).trim();
    const read = SECTIONS.get(name.toLowerCase());
    if (read === undefined) throw unknownSection(title, name);
    const content = body.join('\n').trim();
    return content === '' ? planned : read(content, planned);
  }, start);
}

/** Pieces that begin with such a heading; the first is what stands before any. Code blocks have no headings. */
function splitAtHeadings(lines: readonly string[], mark: string): readonly (readonly string[])[] {
  const pieces: string[][] = [[]];
  let isCode = false;
  for (const line of lines) {
    if (line.startsWith('```')) isCode = !isCode;
    if (!isCode && line.startsWith(mark)) pieces.push([line]);
    else pieces.at(-1)?.push(line);
  }
  return pieces;
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '' && word !== '-');
}

function unknownSection(title: string, name: string): UsageError {
  return new UsageError({
    code: 'beads.bad-plan',
    message: `'${title.slice(0, 60)}' has a section '${name.slice(0, 40)}', which means nothing`,
    hint: `Sections: ${[...SECTIONS.keys()].join(', ')}`,
  });
}
