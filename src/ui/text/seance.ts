import type { Summary } from '../../sessions/seance/summary.ts';
import { formatAge } from '../../core/duration.ts';
import { counted, oneLine, printable } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

/** A session that was, as `gt seance --json` tells it. */
export interface SeanceRowView {
  readonly id: string;
  readonly agent: string;
  readonly bead?: string | undefined;
  readonly runtime?: string | undefined;
  readonly started_at: string;
  readonly seconds?: number | undefined;
  readonly running: boolean;
  readonly ended_because?: string | undefined;
}

interface ListFacts {
  /** Unix ms. */
  readonly now: number;
  readonly style: Paint;
  readonly screen: Screen;
  readonly ids: ReadonlyMap<string, string>;
  /** How many there are in all. */
  readonly all: number;
}

export function renderSessions(
  rows: readonly SeanceRowView[],
  { now, style, screen, ids, all }: ListFacts,
): string {
  if (rows.length === 0) return 'No session has been yet. Give somebody work: gt sling <bead> <rig>';
  const table = renderTable<SeanceRowView>(
    [
      { title: 'Id', value: ({ id }) => ids.get(id) ?? id },
      { title: 'Agent', value: ({ agent }) => oneLine(agent) },
      { title: 'Bead', value: ({ bead = '' }) => oneLine(bead) },
      { title: 'Runtime', value: ({ runtime = '' }) => oneLine(runtime) },
      {
        title: 'Began',
        value: ({ started_at }) => `${formatAge(now - Date.parse(started_at))} ago`,
        align: 'right',
      },
      { title: 'Lasted', value: lengthText, align: 'right' },
      {
        title: 'Ended',
        value: endText,
        flexible: true,
        paint: (cell, row) => (row.running ? style.green(cell) : cell),
      },
    ],
    rows,
    screen,
  );
  const more = all > rows.length ? [`  ${all - rows.length} more: -n ${all}`] : [];
  return [table, ...more].join('\n');
}

function lengthText({ seconds }: SeanceRowView): string {
  return seconds === undefined ? '?' : formatAge(seconds * 1000);
}

function endText({ running, ended_because = '' }: SeanceRowView): string {
  return running ? 'at work' : oneLine(ended_because, 60);
}

interface HitView {
  readonly id: string;
  readonly agent: string;
  readonly bead?: string | undefined;
  readonly at?: string | undefined;
  readonly speaker: string;
  readonly text: string;
}

interface HitsView {
  readonly hits: readonly HitView[];
  readonly cut: boolean;
  readonly searched: number;
  readonly lost: number;
}

/** Hits under a line for each session. */
export function renderHits(
  { hits, cut, searched, lost }: HitsView,
  { style, ids }: Pick<ListFacts, 'style' | 'ids'>,
): string {
  const blocks = [...Map.groupBy(hits, ({ id }) => id)].map(([id, own]) => {
    const [first] = own;
    const about = first?.bead === undefined ? '' : ` on ${oneLine(first.bead)}`;
    const head = style.bold(`${ids.get(id) ?? id}  ${oneLine(first?.agent ?? '')}${about}`);
    return [head, ...own.map(({ at, speaker, text }) => `  ${clock(at)}${speaker.padEnd(7)} ${text}`)].join(
      '\n',
    );
  });
  const read = counted(searched, 'session');
  const gone = lost === 0 ? '' : `, nothing is left of ${lost} more`;
  const tail = `${hits.length === 0 ? 'Not found' : counted(hits.length, 'hit')}${cut ? ', and more: -n' : ''} in ${read}${gone}`;
  return [...blocks, style.dim(tail)].join('\n');
}

function clock(at: string | undefined): string {
  return at === undefined ? '' : `${at.slice(0, 16).replace('T', ' ')}  `;
}

interface ShowFacts {
  readonly summary: Summary | undefined;
  readonly screen: string;
  /** Where it is written down; undefined = nothing is left. */
  readonly files: readonly string[] | undefined;
  readonly style: Paint;
  readonly now: number;
}

/** Everything that is known of one session. */
export function renderSeance(row: SeanceRowView, { summary, screen, files, style, now }: ShowFacts): string {
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', style.bold(title), ...lines.map((line) => `  ${line}`)];
  return [
    style.bold(`${row.id}  ${oneLine(row.agent)}`),
    ...factLines(row, now),
    ...(summary === undefined ? [] : summarySections(summary, section)),
    ...section('Last screen', screenLines(screen)),
    ...section('Written down in', files ?? ['nowhere any more']),
  ].join('\n');
}

/** Without the empty part above what a program that fills the screen has drawn. */
function screenLines(screen: string): readonly string[] {
  const lines = printable(screen).split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first).map((line) => line.slice(0, 160));
}

function factLines(row: SeanceRowView, now: number): readonly string[] {
  const began = `${row.started_at.slice(0, 16).replace('T', ' ')} (${formatAge(now - Date.parse(row.started_at))} ago)`;
  return [
    `  Began    ${began}, lasted ${lengthText(row)}`,
    `  Ended    ${endText(row)}`,
    ...(row.bead === undefined ? [] : [`  Bead     ${oneLine(row.bead)}`]),
    ...(row.runtime === undefined ? [] : [`  Runtime  ${oneLine(row.runtime)}`]),
  ];
}

const SHOWN_COMMANDS = 15;
const SHOWN_FILES = 30;

function summarySections(
  { first, said, leftOut, files, commands, ran, last, tokens }: Summary,
  section: (title: string, lines: readonly string[]) => readonly string[],
): readonly string[] {
  const shown = commands.slice(-SHOWN_COMMANDS);
  const used =
    tokens === undefined ? [] : [`${tokens.input} in, ${tokens.output} out, ${tokens.cached} from the cache`];
  return [
    ...section('Was told', first === undefined ? [] : oneLines([first], 600)),
    ...section(`Said${leftOut === 0 ? '' : ` (${leftOut} left out)`}`, oneLines(said, 300)),
    ...section(`Ran ${counted(ran, 'command')}`, ran === 0 ? [] : oneLines(shown, 160)),
    ...section(`Wrote ${counted(files.length, 'file')}`, oneLines(files.slice(0, SHOWN_FILES), 160)),
    ...section('Last words', last === undefined ? [] : oneLines([`${last.by}: ${last.text}`], 600)),
    ...section('Tokens', used),
  ];
}

function oneLines(texts: readonly string[], max: number): readonly string[] {
  return texts.map((text) => oneLine(text, max));
}
