import type { Paint } from './paint.ts';

export interface DoneRow {
  readonly bead: string;
  readonly exit: 'submitted' | 'repinned' | 'closed' | 'landed' | 'escalated' | 'deferred' | 'already';
  readonly mr?: string;
  readonly branch?: string;
  readonly target?: string;
  readonly commit?: string;
  readonly reason?: string;
  readonly rescued: readonly string[];
}

/** What a worker reads after `gt done`; the last line says what it does now. */
export function renderDone(row: DoneRow, paint: Paint): string {
  const kept = row.rescued.map((ref) => `  kept: ${ref}`);
  return [`${paint.green('✓')} ${headOf(row)}`, ...kept, nextOf(row)].join('\n');
}

function headOf({
  bead,
  exit,
  mr = '',
  branch = '',
  commit = '',
  target = '',
  reason = '',
}: DoneRow): string {
  switch (exit) {
    case 'submitted':
      return `${bead} is handed in as ${mr}: ${branch} at ${commit.slice(0, 12)}. It closes when it has landed`;
    case 'repinned':
      return `${branch} is repaired: ${mr} is in the queue again`;
    case 'landed':
      return `${bead} is on ${target} at ${commit.slice(0, 12)}, without the merge queue's gates, and closed`;
    case 'closed':
      return `${bead} is closed: ${reason}`;
    case 'escalated':
      return `${bead} stays with you; a person was called`;
    case 'deferred':
      return `${bead} is open again for later`;
    case 'already':
      return mr === '' ? `${bead} is closed already` : `${bead} is handed in already as ${mr}`;
  }
}

function nextOf({ exit }: DoneRow): string {
  return exit === 'escalated' ? 'Wait here for an answer.' : 'End your turn now.';
}
