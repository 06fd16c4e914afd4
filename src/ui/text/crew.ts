import { counted, oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { goneLines, type RemovedParts } from './removed.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface CrewRow {
  readonly name: string;
  readonly rig: string;
  readonly branch: string;
  readonly path: string;
  readonly has_session: boolean;
  readonly git_clean: boolean;
  readonly state: string;
  readonly changes: number;
  readonly error?: string;
}

const NONE = 'No crew workspaces yet. Make one: gt crew add <name> --rig <rig>';

export function renderCrewList(rows: readonly CrewRow[], screen: Screen): string {
  if (rows.length === 0) return NONE;
  return renderTable<CrewRow>(
    [
      { title: 'Crew', value: (row) => `${row.rig}/${row.name}` },
      { title: 'Session', value: (row) => row.state },
      { title: 'Branch', value: (row) => oneLine(row.branch) || '(detached)' },
      { title: 'Changes', value: changesOf },
      { title: 'Folder', value: (row) => row.path, flexible: true },
    ],
    rows,
    screen,
  );
}

function changesOf({ error, git_clean, changes }: Pick<CrewRow, 'error' | 'git_clean' | 'changes'>): string {
  if (error !== undefined) return 'cannot be read';
  if (git_clean) return 'none';
  return changes === 0 ? 'under way' : String(changes);
}

export interface CrewDetail extends CrewRow {
  readonly session_id: string;
  readonly git_modified: readonly string[];
  readonly git_untracked: readonly string[];
  readonly operation?: string;
  readonly mail_total: number;
  readonly mail_unread: number;
}

export function renderCrewStatus(rows: readonly CrewDetail[], paint: Paint): string {
  return rows.length === 0 ? NONE : rows.map((row) => detail(row, paint)).join('\n\n');
}

function detail(row: CrewDetail, paint: Paint): string {
  const line = (name: string, value: string): string => `  ${name.padEnd(10)}${oneLine(value)}`;
  const files = [...row.git_modified, ...row.git_untracked.map((path) => `${path} (new)`)];
  return [
    `${paint.bold(`${row.rig}/crew/${row.name}`)} ${row.state}`,
    line('Folder', row.path),
    line('Branch', row.branch || '(detached)'),
    line(
      'Changes',
      row.error ?? (row.operation === undefined ? changesOf(row) : `a ${row.operation} is under way`),
    ),
    ...files.slice(0, 10).map((file) => `    ${oneLine(file)}`),
    ...(files.length > 10 ? [`    … ${counted(files.length - 10, 'more file', 'more')}`] : []),
    line('Session', row.has_session ? row.session_id : 'none'),
    line('Mail', row.mail_total === 0 ? 'none' : `${row.mail_total}, ${row.mail_unread} unread`),
  ].join('\n');
}

export interface WorktreeRow {
  readonly rig: string;
  readonly name: string;
  readonly path: string;
  readonly branch: string;
  readonly git_clean: boolean;
  readonly changes: number;
  readonly error?: string;
}

export function renderWorktrees(rows: readonly WorktreeRow[], screen: Screen): string {
  if (rows.length === 0) return 'No worktrees in other rigs. Make one: gt worktree <rig>';
  return renderTable<WorktreeRow>(
    [
      { title: 'Rig (project)', value: (row) => row.rig },
      { title: 'Worktree', value: (row) => row.name },
      { title: 'Branch', value: (row) => oneLine(row.branch) || '(detached)' },
      { title: 'Changes', value: changesOf },
      { title: 'Folder', value: (row) => row.path, flexible: true },
    ],
    rows,
    screen,
  );
}

export interface RemovedRow extends RemovedParts {
  readonly crew: string;
  readonly outcome: 'removed' | 'planned' | 'refused';
  readonly reason?: string;
}

export function renderCrewRemoved(rows: readonly RemovedRow[], paint: Paint): string {
  return rows.flatMap((row) => removedLines(row, paint)).join('\n');
}

function removedLines(row: RemovedRow, paint: Paint): readonly string[] {
  if (row.outcome === 'refused') return [`${paint.red('✖')} ${row.crew} not removed: ${row.reason ?? ''}`];
  if (row.outcome === 'planned') return [`Would remove ${row.crew}: ${row.steps.join(', ')}`];
  return goneLines(row.crew, row, paint);
}

export interface PristineRow {
  readonly name: string;
  readonly rig: string;
  readonly branch: string;
  readonly pulled: boolean;
  readonly pull_error?: string;
}

export function renderPristine(rows: readonly PristineRow[], paint: Paint): string {
  if (rows.length === 0) return NONE;
  return rows
    .map((row) => {
      const name = `${row.rig}/crew/${row.name}`;
      if (row.pull_error !== undefined)
        return `${paint.yellow('⚠')} ${name} stays: ${oneLine(row.pull_error)}`;
      return `${paint.green('✓')} ${name} ${row.pulled ? 'moved forward' : 'is up to date'} (${row.branch})`;
    })
    .join('\n');
}
