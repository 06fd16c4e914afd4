import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface SessionRow {
  readonly address: string;
  readonly session_id: string;
  readonly running: boolean;
  readonly state: string;
  readonly reason?: string | undefined;
  readonly attached: boolean;
  readonly runtime?: string | undefined;
  readonly bead?: string | undefined;
  /** RFC 3339. */
  readonly started_at?: string | undefined;
  readonly last_activity?: string | undefined;
}

export interface SessionListFacts {
  /** Unix ms. */
  readonly now: number;
  readonly paint: Paint;
}

export function renderSessionList(rows: readonly SessionRow[], { now, paint }: SessionListFacts): string {
  if (rows.length === 0) return 'No sessions. Give somebody work: gt sling <bead> <rig>';
  const age = (time: string | undefined): string =>
    time === undefined ? '' : formatAge(now - Date.parse(time));
  return renderTable<SessionRow>(
    [
      { title: 'Agent', value: (row) => `${row.running ? paint.green('●') : paint.dim('○')} ${row.address}` },
      { title: 'Session', value: (row) => row.session_id },
      { title: 'State', value: stateText },
      { title: 'Bead', value: (row) => row.bead ?? '' },
      { title: 'Runtime', value: (row) => row.runtime ?? '' },
      { title: 'Up', value: (row) => age(row.started_at), align: 'right' },
      { title: 'Output', value: (row) => age(row.last_activity), align: 'right' },
    ],
    rows,
  );
}

function stateText({ state, reason, attached }: SessionRow): string {
  const why = reason === undefined ? '' : ` (${oneLine(reason, 40)})`;
  return `${state}${why}${attached ? ', attached' : ''}`;
}

interface SessionPage extends SessionRow {
  readonly spawn?: number | undefined;
  readonly issue?: string | undefined;
  readonly pid?: number | undefined;
  readonly windows: number;
  readonly exit?: { readonly code: number | null; readonly signal: string | null } | undefined;
  readonly uptime_seconds?: number | undefined;
  readonly created_at?: string | undefined;
}

/** `gt session status`. */
export function renderSession(page: SessionPage, { now, paint }: SessionListFacts): string {
  const lamp = page.running ? paint.green('●') : paint.dim('○');
  const up = page.uptime_seconds === undefined ? '' : `, up ${formatAge(page.uptime_seconds * 1000)}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['session', `${page.session_id}${page.windows > 1 ? `, ${page.windows} windows` : ''}`],
    ['runtime', page.runtime],
    ['works on', page.issue],
    ['process', page.pid === undefined ? undefined : String(page.pid)],
    ['started', page.created_at === undefined ? undefined : `${page.created_at} (start ${page.spawn})`],
    [
      'output',
      page.last_activity === undefined ? undefined : `${formatAge(now - Date.parse(page.last_activity))} ago`,
    ],
    ['ended', page.exit === undefined ? undefined : `with ${page.exit.signal ?? page.exit.code}`],
  ];
  return [
    `${lamp} ${paint.bold(page.address)}: ${stateText(page)}${up}`,
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(9)} ${value}`])),
    '',
    page.running ? `Go to it: gt attach ${page.address}` : `See its last screen: gt peek ${page.address}`,
  ].join('\n');
}

interface CheckedSession {
  readonly rig: string;
  readonly polecat: string;
  readonly state: string;
  readonly healthy: boolean;
  readonly issue?: string;
  readonly reasons: readonly string[];
}

/** `gt session check`. */
export function renderSessionCheck(sessions: readonly CheckedSession[], paint: Paint): string {
  if (sessions.length === 0) return 'There are no polecats (workers)';
  const bad = sessions.filter(({ healthy }) => !healthy).length;
  const lines = sessions.map(({ rig, polecat, state, healthy, issue, reasons }) => {
    const mark = healthy ? paint.green('✓') : paint.red('✖');
    const why = healthy ? '' : ` · ${oneLine(reasons.join('; '), 120)}`;
    return `  ${mark} ${rig}/${polecat}  ${state}${issue === undefined ? '' : ` → ${issue}`}${why}`;
  });
  const sum =
    bad === 0 ? paint.green('All are as they should be') : `${bad} of ${sessions.length} need a look`;
  return [...lines, '', sum].join('\n');
}
