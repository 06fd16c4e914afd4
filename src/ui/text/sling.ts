import type { Paint } from './paint.ts';

/** What became of one slung bead, as data. */
export interface SlingRow {
  readonly bead: string;
  readonly title: string;
  readonly outcome: 'dispatched' | 'queued' | 'unchanged' | 'planned' | 'failed';
  /** Who has it. */
  readonly agent?: string;
  /** The same, when it is a polecat. */
  readonly polecat?: string;
  readonly session?: string;
  readonly branch?: string;
  readonly convoy?: string;
  readonly runtime?: string;
  /** How an agent that is no polecat learns of it. */
  readonly told?: string;
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
      return dispatchedLines(row, paint).join('\n');
    case 'queued':
      return `${paint.yellow('○')} ${bead} queued: ${reason}`;
    case 'unchanged':
      return `${paint.green('✓')} ${bead} is on ${row.agent ?? ''} already`;
    case 'planned':
      return [`Would sling ${bead} (${row.title}):`, ...(row.plan ?? []).map((line) => `  ${line}`)].join(
        '\n',
      );
    case 'failed':
      return `${paint.red('✖')} ${bead} not slung: ${reason}`;
  }
}

function dispatchedLines(row: SlingRow, paint: Paint): readonly string[] {
  const { bead, agent = '', session = '', runtime, told } = row;
  const how = runtime ?? (told === 'nudged' ? 'told' : undefined);
  return [
    `${paint.green('✓')} ${bead} is on ${paint.bold(agent)}${how === undefined ? '' : ` (${how})`}`,
    ...(how === undefined ? [] : [`  watch it: gt peek ${session}, or gt attach ${agent}`]),
    ...(told === 'not-needed' ? ['  see it: gt hook'] : []),
  ];
}
