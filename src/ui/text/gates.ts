import type { Bead } from '../../beads/types.ts';
import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';

/** `○ fx-abc  timer 2h  holds back fx-xyz`. */
export function gateLine(gate: Bead, held: readonly string[]): string {
  const mark = gate.status === 'closed' ? '✓' : '○';
  return [
    `${mark} ${gate.id}`,
    waitsFor(gate),
    held.length === 0 ? 'holds nothing back' : `holds back ${held.join(', ')}`,
  ].join('  ');
}

function waitsFor(gate: Bead): string {
  const time = gate.timeoutMs > 0 ? formatAge(gate.timeoutMs) : '';
  return oneLine([gate.awaitType || 'human', gate.awaitId, time].filter((word) => word !== '').join(' '));
}

export function renderGate(gate: Bead, held: readonly string[]): string {
  return [
    gateLine(gate, held),
    `  ${oneLine(gate.title)}`,
    ...(gate.waiters.length === 0 ? [] : [`  Told when it opens: ${oneLine(gate.waiters.join(', '))}`]),
    ...(gate.description === '' ? [] : [`  ${oneLine(gate.description, 500)}`]),
    ...(gate.closedAt === undefined ? [] : [`  Opened ${gate.closedAt}: ${oneLine(gate.closeReason)}`]),
  ].join('\n');
}
