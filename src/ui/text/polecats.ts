import type { Paint } from './paint.ts';
import { goneLines, type RemovedParts } from './removed.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface PolecatRow {
  readonly rig: string;
  readonly name: string;
  readonly state: string;
  readonly issue?: string;
  readonly submitted?: readonly string[];
  readonly session_running: boolean;
  readonly session_name: string;
  readonly reasons: readonly string[];
}

export function renderPolecatList(rows: readonly PolecatRow[], screen: Screen): string {
  if (rows.length === 0) return 'No polecats (workers) yet. Sling makes them: gt sling <bead> <rig>';
  return renderTable<PolecatRow>(
    [
      { title: 'Polecat (worker)', value: (row) => `${row.rig}/${row.name}` },
      { title: 'State', value: (row) => row.state },
      { title: 'Bead', value: workOf },
      { title: 'Session', value: (row) => (row.session_running ? row.session_name : '-') },
      { title: 'Why', value: (row) => row.reasons[0] ?? '', flexible: true },
    ],
    rows,
    screen,
  );
}

function workOf({ issue, submitted = [] }: PolecatRow): string {
  return [issue, ...submitted.map((id) => `(${id})`)].filter((text) => text !== undefined).join(' ') || '-';
}

export interface PolecatDetail extends PolecatRow {
  readonly clone_path: string;
  readonly branch?: string;
  readonly spawn: number;
  readonly last_activity?: string;
  readonly changes?: readonly string[];
  readonly rescues: readonly string[];
}

export function renderPolecat(row: PolecatDetail, paint: Paint): string {
  const line = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`  ${name.padEnd(10)}${value}`];
  return [
    `${paint.bold(`${row.rig}/${row.name}`)} ${row.state}`,
    ...row.reasons.map((reason) => `  ${reason}`),
    ...line('Bead', workOf(row)),
    ...line('Branch', row.branch),
    ...line('Worktree', row.clone_path),
    ...line('Session', row.session_running ? row.session_name : 'none'),
    ...line('Activity', row.last_activity),
    ...(row.changes === undefined || row.changes.length === 0 ? [] : line('Changes', row.changes.join(', '))),
    ...row.rescues.map((ref) => `  ${paint.dim(`kept: ${ref}`)}`),
  ].join('\n');
}

export interface NukeRow extends RemovedParts {
  readonly polecat: string;
  readonly outcome: 'nuked' | 'removed' | 'planned' | 'refused' | 'gone';
  readonly reason?: string;
}

export function renderNukes(rows: readonly NukeRow[], paint: Paint): string {
  return rows.flatMap((row) => nukeLines(row, paint)).join('\n');
}

function nukeLines(row: NukeRow, paint: Paint): readonly string[] {
  if (row.outcome === 'refused') return [`${paint.red('✖')} ${row.polecat} stays: ${row.reason ?? ''}`];
  if (row.outcome === 'gone') return [`${row.polecat} was gone already: nothing to do`];
  if (row.outcome === 'planned') return [`Would remove ${row.polecat}: ${row.steps.join(', ')}`];
  return goneLines(row.polecat, row, paint);
}
