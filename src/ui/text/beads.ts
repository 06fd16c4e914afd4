import type { Bead, BeadComment } from '../../beads/types.ts';
import type { Output } from '../../context.ts';
import { oneLine, printable } from '../../core/text.ts';
import { renderTable } from './table.ts';
import type { Paint } from './paint.ts';

const GLYPHS: Readonly<Record<string, string>> = {
  open: '○',
  in_progress: '◐',
  hooked: '◐',
  blocked: '●',
  closed: '✓',
  deferred: '❄',
  pinned: '▪',
};

type Screen = Pick<Output, 'isTTY' | 'columns'>;

/** `○ fx-abc`: the glyph repeats what the status word says. */
export function beadMark(bead: Pick<Bead, 'id' | 'status' | 'isBlocked'>): string {
  const glyph = bead.isBlocked && bead.status === 'open' ? '●' : (GLYPHS[bead.status] ?? '○');
  return `${glyph} ${bead.id}`;
}

/** The status word; an open bead that waits for others reads as blocked. */
export function beadState(bead: Pick<Bead, 'status' | 'isBlocked'>): string {
  return bead.isBlocked && bead.status === 'open' ? 'blocked' : bead.status;
}

/** A table of beads and a line that counts them; `nothing` when there are none. */
export function renderBeadTable(
  beads: readonly Bead[],
  screen: Screen,
  texts: { readonly nothing: string; readonly noun?: string },
): string {
  if (beads.length === 0) return texts.nothing;
  const withAssignee = beads.some((bead) => bead.assignee !== '');
  const withLabels = beads.some((bead) => bead.labels.length > 0);
  const table = renderTable<Bead>(
    [
      { title: 'Bead', value: beadMark },
      { title: 'P', value: (bead) => String(bead.priority) },
      { title: 'Type', value: (bead) => bead.type },
      { title: 'State', value: beadState },
      { title: 'Title', value: (bead) => oneLine(bead.title), max: 80, flexible: true },
      ...(withAssignee ? [{ title: 'Assignee', value: (bead: Bead) => oneLine(bead.assignee) }] : []),
      ...(withLabels
        ? [
            {
              title: 'Labels',
              value: (bead: Bead) => oneLine(bead.labels.join(' ')),
              max: 40,
              flexible: true,
            },
          ]
        : []),
    ],
    beads,
    screen,
  );
  return `${table}\n\n${count(beads.length, texts.noun ?? 'bead')}`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What `renderBead` shows beside the bead. */
export interface BeadPage {
  readonly bead: Bead;
  readonly dependsOn: readonly LinkedBead[];
  readonly dependents: readonly LinkedBead[];
  readonly comments: readonly BeadComment[];
}

/** A bead at the end of an edge; one of another database is known by its id only. */
export interface LinkedBead {
  readonly id: string;
  readonly type: string;
  readonly bead: Bead | undefined;
}

/** Everything about one bead, on as many lines as it has something to say. */
export function renderBead(page: BeadPage, paint: Paint): string {
  const { bead } = page;
  const heading = `${beadMark(bead)}  ${paint.bold(oneLine(bead.title, 500))}`;
  const facts = [
    `${beadState(bead)}, priority ${bead.priority}, ${bead.type}${bead.ephemeral ? ', ephemeral' : ''}`,
    fact('Assignee', bead.assignee),
    fact('Labels', bead.labels.join(', ')),
    fact('Created', [bead.createdAt, bead.createdBy && `by ${bead.createdBy}`].filter(Boolean).join(' ')),
    fact('Started', bead.startedAt),
    fact('Deferred until', bead.deferUntil),
    fact('Due', bead.dueAt),
    fact('Closed', closedLine(bead)),
    fact('External', bead.externalRef),
    fact('Metadata', Object.keys(bead.metadata).length === 0 ? '' : JSON.stringify(bead.metadata)),
  ];
  const parts = [
    [heading, ...facts.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n'),
    section('Description', bead.description, paint),
    section('Design', bead.design, paint),
    section('Acceptance criteria', bead.acceptanceCriteria, paint),
    section('Notes', bead.notes, paint),
    section('Depends on', linkLines(page.dependsOn), paint),
    section('Needed by', linkLines(page.dependents), paint),
    section('Comments', page.comments.map(commentLine).join('\n'), paint),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function fact(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `${name}: ${oneLine(value, 500)}`;
}

function closedLine(bead: Bead): string {
  if (bead.closedAt === undefined) return '';
  return bead.closeReason === '' ? bead.closedAt : `${bead.closedAt}: ${bead.closeReason}`;
}

function section(title: string, body: string, paint: Paint): string {
  if (body.trim() === '') return '';
  const lines = printable(body).trimEnd().split('\n');
  return [paint.bold(title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function linkLines(links: readonly LinkedBead[]): string {
  return links
    .map(({ id, type, bead }) =>
      bead === undefined
        ? `○ ${id}  (${type}, in another database)`
        : `${beadMark(bead)}  ${oneLine(bead.title)}  (${type})`,
    )
    .join('\n');
}

export function commentLine(comment: BeadComment): string {
  const [first = '', ...more] = printable(comment.text).trimEnd().split('\n');
  return [
    `${comment.createdAt} ${oneLine(comment.author)}: ${first}`,
    ...more.map((line) => `  ${line}`),
  ].join('\n');
}
