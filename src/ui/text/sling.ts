import type { Paint } from './paint.ts';

/** What became of one slung bead, as data. */
export interface SlingRow {
  readonly bead: string;
  readonly title: string;
  readonly outcome: 'dispatched' | 'queued' | 'unchanged' | 'planned' | 'failed';
  readonly polecat?: string;
  readonly session?: string;
  readonly branch?: string;
  readonly convoy?: string;
  readonly runtime?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly plan?: readonly string[];
  /** Further lines for people. */
  readonly notes: readonly string[];
}

export function renderSlingResults(rows: readonly SlingRow[], paint: Paint): string {
  return rows.flatMap((row) => [headOf(row, paint), ...row.notes.map((note) => `  ${note}`)]).join('\n');
}

function headOf(row: SlingRow, paint: Paint): string {
  const { bead, reason = '' } = row;
  switch (row.outcome) {
    case 'dispatched':
      return [
        `${paint.green('✓')} ${bead} is on ${paint.bold(row.polecat ?? '')} (${row.runtime ?? ''})`,
        `  watch it: gt peek ${row.session ?? ''}, or gt attach ${row.polecat ?? ''}`,
      ].join('\n');
    case 'queued':
      return `${paint.yellow('○')} ${bead} queued: ${reason}`;
    case 'unchanged':
      return `${paint.green('✓')} ${bead} is on ${row.polecat ?? ''} already`;
    case 'planned':
      return [`Would sling ${bead} (${row.title}):`, ...(row.plan ?? []).map((line) => `  ${line}`)].join(
        '\n',
      );
    case 'failed':
      return `${paint.red('✖')} ${bead} not slung: ${reason}`;
  }
}
