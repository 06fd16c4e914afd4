import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface IdentityRow {
  readonly rig: string;
  readonly name: string;
  readonly bead_id: string;
  readonly agent_state: string;
  readonly hook_bead?: string;
  readonly worktree_exists: boolean;
  readonly session_running: boolean;
}

export function renderIdentities(rows: readonly IdentityRow[], screen: Screen): string {
  if (rows.length === 0)
    return 'No identities of polecats (workers) yet. Sling makes them: gt sling <bead> <rig>';
  return renderTable<IdentityRow>(
    [
      { title: 'Polecat (worker)', value: (row) => `${row.rig}/${row.name}` },
      { title: 'State', value: (row) => row.agent_state || '-' },
      { title: 'Bead', value: (row) => row.hook_bead ?? '-' },
      { title: 'Worktree', value: (row) => (row.worktree_exists ? 'yes' : 'no') },
      { title: 'Session', value: (row) => (row.session_running ? 'running' : '-') },
      { title: 'Identity', value: (row) => row.bead_id },
    ],
    rows,
    screen,
  );
}

export interface IdentityView {
  readonly identity: string;
  readonly created: string;
  readonly sessions: number;
  readonly issues_completed: number;
  readonly issues_failed: number;
  readonly issues_abandoned: number;
  readonly languages: Readonly<Record<string, number>>;
  readonly work_types: Readonly<Record<string, number>>;
  readonly avg_completion_minutes: number | null;
  readonly first_pass_rate: number | null;
  readonly recent_work: readonly {
    readonly id: string;
    readonly title: string;
    readonly type: string;
    readonly completed: string;
  }[];
}

export function renderIdentity(
  view: IdentityView,
  { paint, now }: { readonly paint: Paint; readonly now: number },
): string {
  const line = (name: string, value: string): string => `  ${name.padEnd(12)}${value}`;
  const { avg_completion_minutes: minutes, first_pass_rate: rate } = view;
  return [
    paint.bold(view.identity),
    line('Since', view.created),
    line('Sessions', String(view.sessions)),
    line('Completed', String(view.issues_completed)),
    line('Failed', String(view.issues_failed)),
    line('Abandoned', String(view.issues_abandoned)),
    line('Average', minutes === null ? '-' : formatAge(minutes * 60_000)),
    line('First pass', rate === null ? '-' : `${Math.round(rate * 100)} % landed without being sent back`),
    line('Types', counts(view.work_types)),
    line('Languages', counts(view.languages)),
    ...(view.recent_work.length === 0 ? [] : ['', 'Recent work:']),
    ...view.recent_work.map(
      ({ id, title, completed }) =>
        `  ${id}  ${formatAge(now - Date.parse(completed))} ago  ${oneLine(title, 60)}`,
    ),
  ].join('\n');
}

function counts(record: Readonly<Record<string, number>>): string {
  return (
    Object.entries(record)
      .map(([word, count]) => `${oneLine(word, 30)} ${count}`)
      .join(', ') || '-'
  );
}
