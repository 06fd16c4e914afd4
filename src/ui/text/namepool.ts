import { oneLine } from '../../core/text.ts';
import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface PoolView {
  readonly rig: string;
  readonly theme: string;
  readonly custom: boolean;
  readonly own_names: readonly string[];
  readonly max_size: number;
  readonly in_use: readonly string[];
  readonly next: string;
}

export function renderPoolNames(pool: PoolView, paint: Paint): string {
  const { in_use: used, own_names: own } = pool;
  return [
    `${paint.bold(pool.rig)} names its polecats (workers) by ${pool.theme}${pool.custom ? ' (custom)' : ''}`,
    ...(own.length === 0 ? [] : [`  own names  ${own.join(', ')}`]),
    `  in use     ${used.length === 0 ? 'none' : used.join(', ')}`,
    `  next       ${pool.next}`,
    `  numbers    after ${pool.max_size} names`,
  ].join('\n');
}

export interface ThemeRow {
  readonly name: string;
  readonly custom: boolean;
  readonly count: number;
  readonly names: readonly string[];
}

export function renderThemes(rows: readonly ThemeRow[], screen: Screen): string {
  return renderTable<ThemeRow>(
    [
      { title: 'Theme', value: (row) => row.name },
      { title: 'Kind', value: (row) => (row.custom ? 'custom' : 'built in') },
      { title: 'Names', value: (row) => String(row.count), align: 'right' },
      { title: 'First', value: (row) => oneLine(row.names.slice(0, 6).join(', ')), flexible: true },
    ],
    rows,
    screen,
  );
}

const COLUMNS = 5;

export function renderTheme({ name, custom, count, names }: ThemeRow): string {
  const width = Math.max(...names.map((word) => word.length)) + 2;
  const lines: string[] = [];
  for (let at = 0; at < names.length; at += COLUMNS) {
    const cells = names.slice(at, at + COLUMNS).map((word) => word.padEnd(width));
    lines.push(`  ${cells.join('').trimEnd()}`);
  }
  return [`${name}${custom ? ' (custom)' : ''}, ${count} names:`, ...lines].join('\n');
}
