import type { Bead } from '../types.ts';

/** When a timer gate opens, Unix ms; undefined when it has no time set. */
export function opensAt(gate: Pick<Bead, 'createdAt' | 'timeoutMs'>): number | undefined {
  return gate.timeoutMs > 0 ? Date.parse(gate.createdAt) + gate.timeoutMs : undefined;
}
