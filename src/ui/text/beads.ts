import type { Bead, BeadComment } from '../../beads/types.ts';
import { formatAge } from '../../core/duration.ts';
import { counted, oneLine, printable } from '../../core/text.ts';
import { renderTable, type Column } from './table.ts';
import type { Paint } from './paint.ts';
import { treeOrder } from './tree-lines.ts';
import { lineWidth, shorten, widthOf, type Screen } from './width.ts';

const GLYPHS: Readonly<Record<string, string>> = {
  open: '○',
  in_progress: '◐',
  hooked: '◐',
  blocked: '●',
  closed: '✓',
  deferred: '❄',
  pinned: '▪',
};

/** A terminal, or a pipe, and its colours. */
export type Canvas = Screen & { readonly style: Paint };

type Shown = Pick<Bead, 'id' | 'status' | 'isBlocked'>;

/** `○ fx-abc`: the glyph repeats what the status word says. */
export function beadMark(bead: Shown): string {
  return `${GLYPHS[beadState(bead)] ?? '○'} ${bead.id}`;
}

/** The status word; an open bead that waits for others reads as blocked. */
export function beadState(bead: Pick<Bead, 'status' | 'isBlocked'>): string {
  return bead.isBlocked && bead.status === 'open' ? 'blocked' : bead.status;
}

/** `text` in the colour of the bead's state; what is done steps back. */
export function paintState(text: string, bead: Pick<Bead, 'status' | 'isBlocked'>, paint: Paint): string {
  switch (beadState(bead)) {
    case 'in_progress':
    case 'hooked':
      return paint.yellow(text);
    case 'blocked':
      return paint.red(text);
    case 'closed':
      return paint.green(text);
    case 'deferred':
    case 'pinned':
      return paint.dim(text);
    default:
      return text;
  }
}

export function paintPriority(text: string, priority: number, paint: Paint): string {
  if (priority === 0) return paint.bold(paint.red(text));
  if (priority === 1) return paint.yellow(text);
  return priority === 4 ? paint.dim(text) : text;
}

export function paintType(text: string, type: string, paint: Paint): string {
  if (type === 'bug') return paint.red(text);
  return type === 'epic' || type === 'molecule' ? paint.cyan(text) : text;
}

/** Plain text around a bead on its line. */
interface Around {
  readonly before?: string;
  readonly after?: string;
}

/** A title keeps this much, however much stands around it. */
const SHORTEST_TITLE = 20;

/** `○ fx-abc  Title`, as lists below other things show a bead; the title gives way where the line is full. */
export function beadLine(
  bead: Shown & Pick<Bead, 'title'>,
  canvas: Canvas,
  { before = '', after = '' }: Around = {},
): string {
  const paint = canvas.style;
  const mark = `${beadMark(bead)}  `;
  const room = lineWidth(canvas) - widthOf(before + mark + after);
  const title = shorten(oneLine(bead.title, Infinity), Math.max(SHORTEST_TITLE, room));
  const shown = bead.status === 'closed' ? paint.dim(title) : title;
  return paint.dim(before) + paintState(mark, bead, paint) + shown + paint.dim(after);
}

export interface BeadTableTexts {
  /** What to say, and to do next, when there are none. */
  readonly nothing: string;
  readonly noun?: string;
  readonly nouns?: string;
  /** Parent of a bead, to draw children below their parents; absent = a flat list. */
  readonly parentOf?: (bead: Bead) => string | undefined;
  /** The clock, to show how long ago each one changed. */
  readonly changedAt?: number;
}

/** A table of beads and a line that counts them. A column that would say the same of every bead is left out. */
export function renderBeadTable(beads: readonly Bead[], canvas: Canvas, texts: BeadTableTexts): string {
  if (beads.length === 0) return texts.nothing;
  const rows = treeOrder(beads, texts.parentOf);
  const table = renderTable(columnsFor(beads, canvas, texts.changedAt), rows, canvas);
  return `${table}\n\n${counted(beads.length, texts.noun ?? 'bead', texts.nouns)}`;
}

/** On narrower terminals the title needs the room; `bd show` has the labels. */
const ROOM_FOR_LABELS = 100;

interface Row {
  readonly item: Bead;
  /** Branches that lead to the bead. */
  readonly prefix: string;
}

function columnsFor(beads: readonly Bead[], canvas: Canvas, now: number | undefined): readonly Column<Row>[] {
  const paint = canvas.style;
  const has = (test: (bead: Bead) => boolean, column: Column<Row>) => (beads.some(test) ? [column] : []);
  return [
    {
      title: 'Bead',
      value: ({ item, prefix }) => prefix + beadMark(item),
      paint: (cell, { item, prefix }) =>
        paint.dim(cell.slice(0, prefix.length)) + paintState(cell.slice(prefix.length), item, paint),
    },
    {
      title: 'P',
      value: ({ item }) => String(item.priority),
      paint: (cell, { item }) => paintPriority(cell, item.priority, paint),
    },
    {
      title: 'Type',
      value: ({ item }) => oneLine(item.type),
      paint: (cell, { item }) => paintType(cell, item.type, paint),
    },
    ...has((bead) => beadState(bead) !== 'open', {
      title: 'State',
      value: ({ item }) => oneLine(beadState(item)),
      paint: (cell, { item }) => paintState(cell, item, paint),
    }),
    {
      title: 'Title',
      value: ({ item }) => oneLine(item.title, Infinity),
      max: 80,
      flexible: true,
      paint: (cell, { item }) => (item.status === 'closed' ? paint.dim(cell) : cell),
    },
    ...has(() => now !== undefined, {
      title: 'Changed',
      value: ({ item }) => `${formatAge((now ?? 0) - Date.parse(item.updatedAt))} ago`,
    }),
    ...has((bead) => bead.assignee !== '', {
      title: 'Assignee',
      value: ({ item }) => oneLine(item.assignee),
      max: 30,
    }),
    ...has((bead) => bead.labels.length > 0 && lineWidth(canvas) >= ROOM_FOR_LABELS, {
      title: 'Labels',
      value: ({ item }) => oneLine(item.labels.join(' '), Infinity),
      max: 30,
      flexible: true,
      paint: (cell) => paint.dim(cell),
    }),
  ];
}

/** `2026-11-22 12:25 (3d ago)`, UTC. */
export function dateText(time: string, now: number): string {
  const ms = now - Date.parse(time);
  const distance = ms >= 0 ? `${formatAge(ms)} ago` : `in ${formatAge(-ms)}`;
  return `${time.slice(0, 10)} ${time.slice(11, 16)} (${distance})`;
}

export function commentLine(comment: BeadComment): string {
  const [first = '', ...more] = printable(comment.text).trimEnd().split('\n');
  return [
    `${comment.createdAt.slice(0, 10)} ${comment.createdAt.slice(11, 16)} ${oneLine(comment.author)}: ${first}`,
    ...more.map((line) => `  ${line}`),
  ].join('\n');
}
