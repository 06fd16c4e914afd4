import { oneLine } from '../../core/text.ts';
import type { Anomaly, Workable } from '../../refinery/anomalies.ts';
import type { Canvas } from './beads.ts';
import { renderTable } from './table.ts';

/** Open merge requests in a table, then what is odd about them. */
export function renderWorkable(
  shown: readonly Workable[],
  anomalies: readonly Anomaly[],
  { canvas, nothing }: { readonly canvas: Canvas; readonly nothing: string },
): string {
  const table =
    shown.length === 0
      ? nothing
      : renderTable(
          [
            { title: 'Merge request', value: ({ mr }) => String(mr.id) },
            { title: 'P', value: ({ mr }) => String(mr.bead.priority) },
            { title: 'Branch', value: ({ mr }) => oneLine(mr.branch), max: 50, flexible: true },
            { title: 'State', value: ({ mr, why, claimedBy }) => claimedBy ?? why ?? mr.phase, max: 40 },
            { title: 'Title', value: ({ mr }) => oneLine(mr.bead.title), max: 60, flexible: true },
          ],
          shown,
          canvas,
        );
  const odd = anomalies.map(({ id, detail }) => canvas.style.yellow(`⚠ ${id}: ${oneLine(detail)}`));
  return [table, ...(odd.length === 0 ? [] : ['', ...odd])].join('\n');
}
