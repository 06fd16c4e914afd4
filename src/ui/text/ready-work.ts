import type { ReadySource } from '../../polecat/ready-work.ts';
import { counted } from '../../core/text.ts';
import { renderBeadTable, type Canvas } from './beads.ts';

/** What can start now, a table per ledger that has something. */
export function renderReadyWork(sources: readonly ReadySource[], canvas: Canvas): string {
  const filled = sources.filter(({ beads }) => beads.length > 0);
  if (filled.length === 0) {
    return 'Nothing is ready. bd blocked shows what waits for what, bd create "Title" --rig <rig> makes new work.';
  }
  const tables = filled.map(({ name, beads }) => {
    const table = renderBeadTable(beads, canvas, { nothing: '', noun: 'ready bead' });
    return `${canvas.style.bold(name)}\n${table}`;
  });
  const total = filled.reduce((sum, { beads }) => sum + beads.length, 0);
  const sum =
    filled.length === 1 ? [] : [`${counted(total, 'bead')} can start. Give one away: gt sling <bead> <rig>`];
  return [...tables, ...sum].join('\n\n');
}
