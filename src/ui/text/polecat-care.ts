import { counted, oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface GitStateView {
  readonly rig: string;
  readonly polecat: string;
  readonly clean: boolean;
  readonly uncommitted_files: readonly string[];
  readonly unpushed_commits: number;
  readonly stash_count: number;
  readonly operation?: string;
  readonly branch?: string;
}

const SHOWN_FILES = 20;

export function renderGitState(view: GitStateView, paint: Paint): string {
  const { uncommitted_files: files } = view;
  const more = files.length - SHOWN_FILES;
  return [
    `${paint.bold(`${view.rig}/${view.polecat}`)} ${view.clean ? paint.green('clean') : paint.yellow('not clean')}`,
    ...(view.branch === undefined ? [] : [`  branch    ${oneLine(view.branch)}`]),
    `  changes   ${files.length}`,
    ...files.slice(0, SHOWN_FILES).map((file) => `    ${oneLine(file)}`),
    ...(more > 0 ? [`    … and ${more} more`] : []),
    `  unpushed  ${counted(view.unpushed_commits, 'commit')}`,
    `  stash     ${counted(view.stash_count, 'entry', 'entries')}`,
    ...(view.operation === undefined ? [] : [`  under way ${view.operation}`]),
  ].join('\n');
}

export interface RecoveryView {
  readonly rig: string;
  readonly polecat: string;
  readonly needs_recovery: boolean;
  readonly verdict: string;
  readonly branch?: string;
  readonly issue?: string;
  readonly mq_status: string;
  readonly reasons: readonly string[];
}

const NEXT_STEP: Readonly<Record<string, (name: string) => string>> = {
  SAFE_TO_NUKE: (name) => `gt polecat nuke ${name}`,
  NEEDS_RECOVERY: (name) => `gt polecat git-state ${name}`,
  NEEDS_MQ_SUBMIT: (name) => `gt sling <bead> ${name}, and let it run gt done`,
};

export function renderRecovery(view: RecoveryView, paint: Paint): string {
  const name = `${view.rig}/${view.polecat}`;
  return [
    `${paint.bold(name)} ${view.needs_recovery ? paint.yellow(view.verdict) : paint.green(view.verdict)}`,
    ...view.reasons.map((reason) => `  ${oneLine(reason)}`),
    ...(view.branch === undefined ? [] : [`  branch  ${oneLine(view.branch)}`]),
    ...(view.issue === undefined ? [] : [`  bead    ${view.issue}`]),
    `  queue   ${view.mq_status.replace('_', ' ')}`,
    `  next    ${NEXT_STEP[view.verdict]?.(name) ?? ''}`,
  ].join('\n');
}

export interface StaleRow {
  readonly rig: string;
  readonly name: string;
  readonly commits_behind: number | null;
  readonly has_active_session: boolean;
  readonly has_uncommitted_work: boolean;
  readonly agent_state: string;
  readonly is_stale: boolean;
  readonly reason: string;
  readonly outcome?: 'removed' | 'planned' | 'refused';
  readonly read_back?: readonly string[];
}

export function renderStale(rows: readonly StaleRow[], screen: Screen): string {
  if (rows.length === 0) return 'No polecats (workers) with a worktree';
  const table = renderTable<StaleRow>(
    [
      { title: 'Polecat (worker)', value: (row) => `${row.rig}/${row.name}` },
      { title: 'Behind', value: (row) => String(row.commits_behind ?? '?'), align: 'right' },
      { title: 'Stale', value: (row) => (row.is_stale ? 'yes' : 'no') },
      { title: 'Done', value: (row) => row.outcome ?? '-' },
      { title: 'Why', value: (row) => oneLine(row.reason), flexible: true },
    ],
    rows,
    screen,
  );
  const kept = rows.flatMap((row) => row.read_back ?? []);
  const open = rows.some((row) => row.is_stale && row.outcome === undefined);
  return [
    table,
    ...kept.map((command) => `  what only it had is kept: ${command}`),
    ...(open ? ['', `Remove the stale ones: gt polecat stale ${rows[0]?.rig ?? ''} --cleanup`] : []),
  ].join('\n');
}

export interface SweepView {
  readonly rig: string;
  readonly dry_run: boolean;
  readonly deleted: readonly { readonly branch: string; readonly where: string; readonly because: string }[];
  readonly kept: readonly { readonly branch: string; readonly where: string; readonly because: string }[];
}

export function renderSweep(view: SweepView, screen: Screen & { readonly style: Paint }): string {
  const { deleted, kept } = view;
  if (deleted.length + kept.length === 0) return `${view.rig} has no branches of polecats (workers)`;
  const verb = view.dry_run ? 'Would delete' : 'Deleted';
  const rows = [
    ...deleted.map((branch) => ({ ...branch, outcome: view.dry_run ? 'delete' : 'deleted' })),
    ...kept.map((branch) => ({ ...branch, outcome: 'kept' })),
  ];
  const table = renderTable<(typeof rows)[number]>(
    [
      { title: 'Branch', value: (row) => oneLine(row.branch, 80) },
      { title: 'Where', value: (row) => row.where },
      { title: 'Outcome', value: (row) => row.outcome },
      { title: 'Why', value: (row) => oneLine(row.because), flexible: true },
    ],
    rows,
    screen,
  );
  return `${table}\n\n${verb} ${counted(deleted.length, 'branch', 'branches')}, kept ${kept.length}`;
}

export interface PoolInitView {
  readonly rig: string;
  readonly size: number;
  readonly existing: readonly string[];
  readonly made: readonly string[];
  readonly dry_run: boolean;
}

export function renderPoolInit(view: PoolInitView, paint: Paint): string {
  const { rig, size, existing, made } = view;
  if (made.length === 0)
    return `${rig} has ${counted(existing.length, 'polecat')} (workers) with worktrees: nothing to do`;
  const list = made.map((name) => `${rig}/${name}`).join(', ');
  return view.dry_run
    ? `Would make ${list} (${size} polecats)`
    : `${paint.green('✓')} ready for work: ${list} (${size} polecats)`;
}
