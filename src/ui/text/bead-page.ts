import type { Bead, BeadComment } from '../../beads/types.ts';
import { oneLine, printable } from '../../core/text.ts';
import {
  beadLine,
  beadMark,
  beadState,
  dateText,
  paintPriority,
  paintState,
  paintType,
  type Canvas,
} from './beads.ts';
import { lineWidth } from './width.ts';
import { wrap } from './wrap.ts';

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

/** Lines longer than this are hard to read, however wide the terminal. */
const WIDEST = 100;
const FACT_WIDTH = 11;

/** Everything about one bead, on as many lines as it has something to say; text is wrapped on a terminal only. */
export function renderBead(page: BeadPage, canvas: Canvas, now: number): string {
  const { bead } = page;
  const paint = canvas.style;
  const cells = Math.min(lineWidth(canvas), canvas.isTTY ? WIDEST : Infinity);
  const section = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : [paint.bold(title), ...indented(lines)].join('\n');
  const body = (title: string, text: string): string =>
    section(title, text.trim() === '' ? [] : wrap(printable(text).trimEnd(), cells - 2));
  const links = (title: string, linked: readonly LinkedBead[]): string =>
    linked.length === 0
      ? ''
      : [paint.bold(title), ...linked.map((link) => linkLine(link, canvas, '  '))].join('\n');
  // Parents and children have sections of their own that say what they are.
  const plain = (link: LinkedBead): LinkedBead =>
    link.bead === undefined ? link : { ...link, type: 'blocks' };
  const parents = page.dependsOn.filter((link) => link.type === 'parent-child');
  const blockers = page.dependsOn.filter((link) => link.type !== 'parent-child');
  const children = page.dependents.filter((link) => link.type === 'parent-child');
  const dependents = page.dependents.filter((link) => link.type !== 'parent-child');
  return [
    [...headLines(bead, canvas, cells), ...factLines(bead, { now, cells, canvas })].join('\n'),
    body('Description', bead.description),
    body('Design', bead.design),
    body('Acceptance criteria', bead.acceptanceCriteria),
    body('Notes', bead.notes),
    links('Part of', parents.map(plain)),
    links('Depends on', blockers),
    links(childrenTitle(children), children.map(plain)),
    links('Needed by', dependents),
    section(
      'Comments',
      page.comments.flatMap((comment) => commentLines(comment, { now, cells, canvas })),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

function headLines(bead: Bead, { style: paint }: Canvas, cells: number): readonly string[] {
  const mark = beadMark(bead);
  const [first = '', ...more] = wrap(oneLine(bead.title, Infinity), cells - mark.length - 2);
  const words = [
    paintState(oneLine(beadState(bead)), bead, paint),
    paintPriority(`P${bead.priority}`, bead.priority, paint),
    paintType(oneLine(bead.type), bead.type, paint),
    ...(bead.assignee === '' ? [] : [oneLine(bead.assignee)]),
    ...(bead.ephemeral ? ['ephemeral'] : []),
    ...(bead.pinned && bead.status !== 'pinned' ? ['pinned'] : []),
    ...(bead.isTemplate ? ['template'] : []),
  ];
  return [
    `${paintState(mark, bead, paint)}  ${paint.bold(first)}`,
    ...more.map((line) => ' '.repeat(mark.length + 2) + paint.bold(line)),
    `  ${words.join(paint.dim(' · '))}`,
  ];
}

interface Look {
  readonly now: number;
  readonly cells: number;
  readonly canvas: Canvas;
}

function factLines(bead: Bead, { now, cells, canvas }: Look): readonly string[] {
  const date = (time: string | undefined, more = '') =>
    time === undefined ? '' : `${dateText(time, now)}${more === '' ? '' : ` ${more}`}`;
  const facts: readonly (readonly [string, string])[] = [
    ['Labels', bead.labels.join(', ')],
    ['Created', date(bead.createdAt, bead.createdBy && `by ${bead.createdBy}`)],
    ['Updated', bead.updatedAt === bead.createdAt ? '' : date(bead.updatedAt)],
    ['Started', date(bead.startedAt)],
    ['Put off to', date(bead.deferUntil)],
    ['Due', date(bead.dueAt)],
    ['Closed', date(bead.closedAt, bead.closeReason)],
    ['Estimate', bead.estimatedMinutes === undefined ? '' : `${bead.estimatedMinutes} min`],
    ['External', bead.externalRef ?? ''],
    ['Gate', [bead.awaitType, bead.awaitId].filter(Boolean).join(' ')],
    ['Agent', [bead.roleType, bead.agentState].filter(Boolean).join(' ')],
    ['Metadata', Object.keys(bead.metadata).length === 0 ? '' : JSON.stringify(bead.metadata)],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) => {
      const [first = '', ...more] = wrap(oneLine(value, Infinity), cells - FACT_WIDTH - 2);
      const rest = more.map((line) => ' '.repeat(FACT_WIDTH + 2) + line);
      return [`  ${canvas.style.dim(name.padEnd(FACT_WIDTH))}${first}`, ...rest];
    });
}

function childrenTitle(children: readonly LinkedBead[]): string {
  const closed = children.filter(({ bead }) => bead?.status === 'closed').length;
  return `Children (${closed} of ${children.length} closed)`;
}

export function linkLine({ id, type, bead }: LinkedBead, canvas: Canvas, before = ''): string {
  if (bead === undefined) return `${before}○ ${oneLine(id)}  (${oneLine(type)}, in another database)`;
  return beadLine(bead, canvas, { before, after: type === 'blocks' ? '' : `  (${oneLine(type)})` });
}

function commentLines(comment: BeadComment, { now, cells, canvas }: Look): readonly string[] {
  const head = `${oneLine(comment.author) || 'somebody'}, ${dateText(comment.createdAt, now)}`;
  return [canvas.style.dim(head), ...indented(wrap(printable(comment.text).trimEnd(), cells - 4))];
}
