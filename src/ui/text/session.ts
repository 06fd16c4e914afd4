import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface SessionRow {
  readonly address: string;
  readonly session_id: string;
  readonly running: boolean;
  readonly state: string;
  readonly reason?: string;
  readonly attached: boolean;
  readonly runtime?: string;
  readonly bead?: string;
  /** RFC 3339. */
  readonly started_at?: string;
  readonly last_activity?: string;
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
