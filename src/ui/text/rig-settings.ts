import { oneLine } from '../../core/text.ts';
import { renderTable } from './table.ts';
import type { Screen } from './width.ts';

export interface RigSettingRow {
  readonly key: string;
  readonly value: unknown;
  /** The file that sets it, or `default`. */
  readonly source: string;
}

/** A value as one reads and types it. */
export function showRigValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `gt rig settings show`. */
export function renderRigSettings(rig: string, rows: readonly RigSettingRow[], screen: Screen): string {
  if (rows.length === 0) {
    return `${rig} has only default settings. See them: gt rig settings show ${rig} --all`;
  }
  return renderTable(
    [
      { title: 'Setting', value: (row) => row.key },
      { title: 'Value', value: (row) => oneLine(showRigValue(row.value), 200), flexible: true },
      { title: 'From', value: (row) => row.source },
    ],
    rows,
    screen,
  );
}
