import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface ConvoyRow {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly created_at: string;
  readonly owned: boolean;
  readonly lifecycle: string;
  readonly merge_strategy?: string;
  readonly tracked: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: string;
    readonly dependency_type: string;
    readonly issue_type: string;
    readonly assignee?: string;
    readonly mr?: string;
  }[];
  readonly completed: number;
  readonly total: number;
}

export function renderConvoyList(rows: readonly ConvoyRow[], paint: Paint): string {
  if (rows.length === 0) return 'No convoys (groups of beads). Sling makes them: gt sling <bead> <rig>';
  return renderTable<ConvoyRow>(
    [
      { title: 'Convoy', value: (row) => row.id },
      { title: 'Done', value: (row) => `${row.completed}/${row.total}`, align: 'right' },
      { title: 'Status', value: (row) => (row.status === 'open' ? paint.yellow('open') : row.status) },
      { title: 'Title', value: (row) => row.title, flexible: true },
    ],
    rows,
  );
}

export function renderConvoy(row: ConvoyRow, paint: Paint): string {
  return [
    `${paint.bold(row.id)} ${row.title}`,
    `  ${row.status}, ${row.completed} of ${row.total} done${row.owned ? ', closed by its owner' : ''}`,
    ...row.tracked.map((bead) => `  ${markOf(bead, paint)} ${bead.id} ${bead.title}${whereOf(bead)}`),
  ].join('\n');
}

type Tracked = ConvoyRow['tracked'][number];

function markOf({ status, mr }: Tracked, paint: Paint): string {
  if (status === 'closed' && mr === undefined) return paint.green('✓');
  return status === 'open' ? '○' : paint.yellow('◐');
}

function whereOf({ status, assignee, mr }: Tracked): string {
  if (mr !== undefined) return ` (${mr})`;
  return status === 'closed' || assignee === undefined ? '' : ` (${status} on ${assignee})`;
}
